import { dead } from '#domain/iam/scope.ts'
import { none, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import type { Why } from '#harness/kernel.ts'
import * as roles from '#facts/roles.ts'
import { addStatement } from '#domain/iam/edit.ts'

const nothingGranted: Why = { kind: 'cause', say: 'no policy speaks for the task role', next: 'attach the video policy', cause: 'roles.taskGrants' }

export default check({
  title: 'Every action in the policy exists in the authorization reference',
  why: 'A dead or misspelt grant hides intent.',
  phases: [3], severity: 'minor', basis: 'plan', standing: false,
  requirements: ['R-081'], hipaa: ['164.308(a)(4)(ii)(C)'], controls: ['AC-6'],
  remedy: { say: 'Remove the action: chime:ListMeetings belongs to no operation of a current SDK client.' },
  needs: { grants: roles.taskGrants },
  judge: ({ grants }) => grants.attached.length + grants.inline.length === 0 ? [notKnown('policies of the task role', 'some', nothingGranted)] : [...grants.attached, ...grants.inline].map(({ name, document }) => none(`${name}: dead or misspelt actions`, dead(document))),
  faults: {
    'tf-list-meetings': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'chime:ListMeetings', Resource: '*' }),
    'tf-misspelt-action': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'chime:CreateMeetings', Resource: '*' }),
  },
})
