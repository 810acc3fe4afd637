import { holds, none, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { noSource } from '#harness/source.ts'
import * as terraform from '#facts/terraform.ts'

const empty = (value: unknown): boolean => value === undefined || value === null || value === ''

export default check({
  title: 'Every declared variable is used, has a validation or a value, and no conditional is a no-op',
  why: 'An empty CONNECT_INSTANCE_ID passes silently otherwise.',
  phases: [3, 6], severity: 'major', basis: 'plan', standing: false,
  requirements: ['R-097', 'R-098', 'R-096'], hipaa: ['164.308(a)(8)'], controls: ['CM-6', 'SI-10'],
  remedy: { say: 'Pass the queue and contact-flow ids on, and add validation blocks.', terraform: 'validation {\n  condition     = can(regex("^[0-9a-f-]{36}$", var.connect_instance_id))\n  error_message = "must be the id of the Connect instance"\n}' },
  needs: { module: terraform.module },
  judge: ({ module: { variables, conditionals } }) => variables === null || conditionals === null ? [notKnown('variables', 'declared in the source', noSource)] : [
    holds('variables looked at', variables.length > 0, 'some', variables.length),
    none('variables that nothing uses', variables.filter((variable) => variable.usedIn === 0).map((variable) => variable.name)),
    none('variables without a validation and without a value', variables.filter((variable) => variable.validations === 0 && empty(variable.value) && empty(variable.default)).map((variable) => variable.name)),
    none('conditionals whose arms say the same', conditionals.filter((conditional) => conditional.noop).map((conditional) => `${conditional.where}: ${conditional.text}`)),
  ],
  faults: {
    'tf-variable-unused': ({ module }) => { module.variables!.find((variable) => variable.name === 'connect_video_queue_id')!.usedIn = 0 },
    'tf-variable-unchecked': ({ module }) => { Object.assign(module.variables!.find((variable) => variable.name === 'connect_instance_id')!, { validations: 0, default: '', value: '' }) },
    'tf-conditional-noop': ({ module }) => { module.conditionals!.push({ where: 'ecs.tf', text: 'var.connect_instance_id != "" ? var.connect_instance_id : ""', noop: true }) },
  },
})
