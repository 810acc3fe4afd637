/** How long a retention rule really is. */
import type { Retention } from '#facts/recordings.ts'

/** Days of a default retention; seven years count as 2557 days. How S3 counts a year is not documented: infra/s3-sample-objects-locked measures it on stored objects. */
export function daysOf({ days, years }: Pick<Retention, 'days' | 'years'>): number | null {
  if (days !== null) return days
  return years === null ? null : Math.ceil(years * 365.25)
}

/** Days from a date to the same date so many calendar years later, leap days counted. */
export function daysOfYearsFrom(at: string, years: number): number {
  const from = new Date(at)
  const to = new Date(from)
  to.setUTCFullYear(from.getUTCFullYear() + years)
  return Math.round((to.getTime() - from.getTime()) / 86_400_000)
}
