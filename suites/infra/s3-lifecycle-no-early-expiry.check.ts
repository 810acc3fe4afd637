import { none, stated } from '#harness/claim.ts'
import { check, orNull } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'No enabled rule, current or noncurrent, in any prefix or tag scope, ends an object before 2,557 days',
  why: 'A delete marker hides the record from the application, and unlocked versions are erased.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-071', 'R-074'], hipaa: ['164.312(c)(1)', '164.316(b)(2)(i)'], controls: ['SI-12', 'AU-11', 'CP-9'],
  remedy: { say: 'Raise the days to 2557 or more, or remove the rule.', terraform: 'expiration { days = 2557 }\nnoncurrent_version_expiration { noncurrent_days = 2557 }' },
  needs: { rules: orNull(recordings.lifecycle) },
  judge: ({ rules }, plan) => {
    if (rules === null) return [stated('rules that expire', 'no lifecycle configuration')]
    const least = plan.recordings.retentionDays
    const early = rules.filter((rule) => rule.enabled).flatMap((rule) => [
      ...(rule.expireDays !== null && rule.expireDays < least ? [`${rule.id}: expiration after ${rule.expireDays} days`] : []),
      ...(rule.expireDate !== null ? [`${rule.id}: expiration on a date, ${rule.expireDate}, whatever the age`] : []),
      ...(rule.noncurrentDays !== null && rule.noncurrentDays < least ? [`${rule.id}: noncurrent versions expire after ${rule.noncurrentDays} days`] : []),
    ])
    return [none('rules that end objects early', early)]
  },
  faults: {
    'expire-365-tmp': ({ rules }) => { rules!.push({ ...rules![0]!, id: 'tmp', scope: 'prefix tmp/', transitions: [], expireDays: 365, noncurrentDays: null, abortUploadDays: null, expireDeleteMarker: false }) },
    'expire-noncurrent-30': ({ rules }) => { for (const rule of rules!) if (rule.noncurrentDays !== null) rule.noncurrentDays = 30 },
    'expire-30-days': ({ rules }) => { for (const rule of rules!) if (rule.expireDays !== null) rule.expireDays = 30 },
  },
})
