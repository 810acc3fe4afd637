import { equal, holds, none } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

const day = 86_400_000

export default check({
  title: 'Sampled versions are locked in COMPLIANCE mode for seven years from their creation',
  why: 'The default may have been set after the objects were written, or overridden by a header.',
  phases: [4, 7], severity: 'blocker', basis: 'plan',
  requirements: ['R-067', 'R-068', 'R-065', 'R-181'], hipaa: ['164.312(c)(1)', '164.312(c)(2)'], controls: ['SI-12', 'AU-9', 'CP-9'],
  remedy: { say: 'Extend the retention of the listed versions; it can only be lengthened.', cli: 'aws s3api put-object-retention --bucket BUCKET --key KEY --version-id VERSION --retention Mode=COMPLIANCE,RetainUntilDate=DATE' },
  needs: { bucket: beside(recordings.bucket), sample: recordings.sample },
  judge: ({ bucket, sample }, plan) => [
    holds('versions listed', sample.complete || sample.versions.length > 0, 'to the end, or a sample', `${sample.listed}${sample.complete ? ', to the end' : ', more exist'}`, bucket.name),
    ...sample.versions.flatMap((version) => {
      const at = `${version.key} ${version.version}`
      const least = Date.parse(version.written) + plan.recordings.retentionDays * day - day // S3 rounds the date that it keeps
      return [
        equal(`${at}: mode`, version.mode, plan.recordings.mode),
        holds(`${at}: retained until`, version.until !== null && Date.parse(version.until) >= least, `at least ${new Date(least).toISOString().slice(0, 10)}`, version.until),
      ]
    }),
    none('keys hidden by a delete marker', sample.hidden),
  ],
  faults: {
    'lock-absent': ({ sample }) => { for (const version of sample.versions) Object.assign(version, { mode: null, until: null }) },
    'object-governance-one-day': ({ sample }) => { Object.assign(sample.versions[0]!, { mode: 'GOVERNANCE', until: new Date(Date.parse(sample.versions[0]!.written) + day).toISOString() }) },
    'object-hidden': ({ sample }) => { sample.hidden.push(sample.versions[0]!.key) },
  },
})
