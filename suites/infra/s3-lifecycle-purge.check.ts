import { atMost, holds, none } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'After retention the data goes, with noncurrent versions, delete markers and incomplete uploads',
  why: 'Kept for ever means no disposal, growing cost and a growing breach.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-071', 'R-193', 'R-146'], hipaa: ['164.310(d)(2)(i)'], controls: ['MP-6', 'SI-12'],
  remedy: { say: 'Expire noncurrent versions after the retention, clean up expired delete markers in a second rule, and abort incomplete uploads after 7 days.', terraform: 'noncurrent_version_expiration { noncurrent_days = 2557 }\nabort_incomplete_multipart_upload { days_after_initiation = 7 }\n# a second rule, because S3 takes it only without days:\nexpiration { expired_object_delete_marker = true }' },
  needs: { rules: recordings.lifecycle },
  judge: ({ rules }, plan) => {
    const whole = rules.filter((rule) => rule.enabled && rule.scope === '')
    const days = (of: (rule: recordings.LifecycleRule) => number | null) => whole.map(of).filter((one) => one !== null).sort((a, b) => a - b)
    const slack = plan.recordings.retentionDays + 366 // "after retention" and not for ever: within a year of its end
    return [
      atMost('expiration of current versions, days', days((rule) => rule.expireDays)[0], slack),
      atMost('expiration of noncurrent versions, days', days((rule) => rule.noncurrentDays)[0], slack),
      none('rules that keep newer noncurrent versions for ever', whole.filter((rule) => rule.noncurrentNewer !== null && !whole.some((other) => other.noncurrentDays !== null && other.noncurrentNewer === null)).map((rule) => rule.id)),
      holds('clean-up of expired delete markers', whole.some((rule) => rule.expireDeleteMarker), 'a rule', whole.some((rule) => rule.expireDeleteMarker) ? 'a rule' : 'no rule'),
      atMost('abort of incomplete uploads, days', days((rule) => rule.abortUploadDays)[0], plan.recordings.abortUploadDays),
    ]
  },
  faults: {
    'lifecycle-absent': { absent: 'rules' },
    'purge-absent': ({ rules }) => { rules.splice(1); Object.assign(rules[0]!, { noncurrentDays: null, abortUploadDays: null }) },
    'abort-absent': ({ rules }) => { for (const rule of rules) rule.abortUploadDays = null },
    'delete-marker-rule-absent': ({ rules }) => { rules.splice(0, rules.length, ...rules.filter((rule) => !rule.expireDeleteMarker)) },
    'transition-disabled': ({ rules }) => { for (const rule of rules) if (rule.transitions.length > 0) rule.enabled = false },
    'transition-prefix-only': ({ rules }) => { for (const rule of rules) if (rule.transitions.length > 0) rule.scope = 'prefix visits/' },
  },
})
