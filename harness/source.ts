/** The only way a claim about Terraform source is not known: there is a plan JSON and no source beside it. */
import type { Why } from './kernel.ts'

export const noSource: Why = { kind: 'not-configured', say: 'the plan JSON alone does not say it', next: 'name the Terraform source in /terraform/dir of the target file', cause: '/terraform/dir' }
