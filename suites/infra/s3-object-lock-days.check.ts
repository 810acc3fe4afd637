import { atLeast, holds } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { daysOf, daysOfYearsFrom } from '#domain/retention.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Recordings are locked for at least seven years',
  why: 'A recording that can be deleted before seven years breaks the retention promise.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-068', 'R-009'], hipaa: ['164.316(b)(2)(i)', '164.312(c)(1)'], controls: ['SI-12', 'AU-11'],
  remedy: { say: 'Set the default retention to 2557 days: seven years with two leap days.', terraform: 'default_retention { mode = "COMPLIANCE"  days = 2557 }' },
  needs: { retention: recordings.defaultRetention },
  judge: ({ retention }, plan) => {
    const days = daysOf(retention)
    const leapSafe = daysOfYearsFrom(plan.at, plan.recordings.retentionYears)
    return [
      atLeast('Days', days, plan.recordings.retentionDays),
      holds('leap days of the period that begins today', days !== null && days >= leapSafe, `at least ${leapSafe}`, days),
    ]
  },
  faults: {
    'lock-one-day-short': ({ retention }) => { retention.days = 2556 },
    'lock-2555': ({ retention }) => { retention.days = 2555 },
    'lock-30-days': ({ retention }) => { retention.days = 30 },
    'lock-no-default': { absent: 'retention' },
  },
})
