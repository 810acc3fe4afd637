import { holds, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { noSource } from '#harness/source.ts'
import * as terraform from '#facts/terraform.ts'
import { outputs, resources, variables } from '#plan/terraform.ts'

export default check({
  title: 'The video module has every resource, the policy document, the two variables and the four outputs of the plan',
  why: 'A missing block is a missing control.',
  phases: [3], severity: 'major', basis: 'plan', standing: false,
  requirements: ['R-054', 'R-097', 'R-098', 'R-087', 'R-088', 'R-089', 'R-090', 'R-017', 'R-057'], hipaa: ['164.308(a)(1)(ii)(B)'], controls: ['CM-2', 'CM-6'],
  remedy: { say: 'Add the block.', terraform: 'output "video_recordings_kms_key_arn" {\n  value = aws_kms_key.video_recordings.arn\n}' },
  needs: { module: terraform.module },
  judge: ({ module }) => {
    const has = (at: string, present: boolean) => holds(at, present, 'declared', present ? 'declared' : 'missing')
    const types = new Set(module.resources.map((resource) => resource.type))
    const outputNames = new Set(module.outputs.map((output) => output.name))
    return [
      ...resources.map((type) => has(type, types.has(type))),
      has('data aws_iam_policy_document', types.has('aws_iam_policy_document')),
      ...variables.map((name) => (module.variables === null ? notKnown(`variable ${name}`, 'declared', noSource) : has(`variable ${name}`, module.variables.some((variable) => variable.name === name)))),
      ...outputs.map((name) => has(`output ${name}`, outputNames.has(name))),
    ]
  },
  faults: {
    'tf-output-missing': ({ module }) => { module.outputs.splice(module.outputs.findIndex((output) => output.name === 'video_recordings_kms_key_arn'), 1) },
    'tf-variable-missing': ({ module }) => { module.variables!.splice(module.variables!.findIndex((variable) => variable.name === 'connect_video_queue_id'), 1) },
  },
})
