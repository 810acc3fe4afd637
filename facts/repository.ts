/** What can be known from the repository's files. */
import { fact } from '#harness/fact.ts'

/** A command in a script, pipeline or second module that creates or changes what Terraform owns. */
export interface ForeignOwner { file: string; line: number; command: string }
/** scanned: how many files were read (in tfplan: files and resources), so that "none found" is never "none looked at". line 0: the plan JSON alone has no lines. */
export const owners = fact<{ scanned: number; found: ForeignOwner[] }>('repository.owners', ['repo', 'tfplan'])
