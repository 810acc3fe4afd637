import { holds } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'One enabled rule covers the whole bucket and moves current versions to GLACIER at 90 days',
  why: 'Without it storage costs grow, and a wrong class delays access.',
  phases: [3, 4], severity: 'minor', basis: 'plan',
  requirements: ['R-069', 'R-070'], hipaa: ['164.310(d)(2)(iv)'], controls: ['SI-12', 'CP-9'],
  remedy: { say: 'Restore the transition.', terraform: 'filter { prefix = "" }\ntransition { days = 90  storage_class = "GLACIER" }' },
  needs: { rules: recordings.lifecycle },
  judge: ({ rules }, plan) => {
    const whole = rules.filter((rule) => rule.enabled && rule.scope === '')
    const moves = whole.flatMap((rule) => rule.transitions).map((move) => `${move.class} at ${move.days} days`)
    const elsewhere = rules.filter((rule) => rule.enabled && rule.scope !== '' && rule.transitions.length > 0).map((rule) => `${rule.id} (${rule.scope})`)
    const planned = `${plan.recordings.glacierClass} at ${plan.recordings.glacierDays} days`
    return [
      holds('transitions of the whole bucket', moves.length === 1 && moves[0] === planned, planned, moves),
      holds('transitions of a part of it', elsewhere.length === 0, 'none', elsewhere),
    ]
  },
  faults: {
    'lifecycle-absent': { absent: 'rules' },
    'transition-disabled': ({ rules }) => { for (const rule of rules) if (rule.transitions.length > 0) rule.enabled = false },
    'transition-prefix-only': ({ rules }) => { for (const rule of rules) if (rule.transitions.length > 0) rule.scope = 'prefix visits/' },
    'transition-deep-archive-30': ({ rules }) => { for (const rule of rules) if (rule.transitions.length > 0) rule.transitions = [{ days: 30, class: 'DEEP_ARCHIVE' }] },
  },
})
