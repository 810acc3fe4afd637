/** The Terraform module, out of its plan and its source, and whether its references hold. Every other tfplan observer reads from it. */
import * as terraform from '#facts/terraform.ts'
import type { Validation } from '#facts/terraform.ts'
import type { Module, Value } from '#domain/terraform/module.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { notConfigured, unknown, whyOf } from '#domain/unknown.ts'
import { containers } from './environment.ts'
import { filesOf } from './files.ts'
import { managed } from '#domain/terraform/find.ts'

const settings = { sources: ['tfplan'], safety: 'A', calls: [] } as const

/** Values of container variables that are secret by their name: seen once here, they appear as an alias in everything that is stored. */
function concealSecrets(module: Module, look: Look): void {
  for (const task of managed(module, 'aws_ecs_task_definition')) {
    if (!Array.isArray(task.values.container_definitions)) continue
    for (const { environment } of containers(task)) {
      for (const { name, value } of Array.isArray(environment) ? environment : []) {
        if (typeof value === 'string' && value.length >= 8 && !plainValue.test(value) && secretName.test(String(name))) look.conceal(value, String(name))
      }
    }
  }
}
/** Values that name a place or a thing hide nothing, and hiding them would blank the whole run. */
const plainValue = /^(arn:|<|alias\/|\d+$|(true|false)$|[a-z]{2}(-[a-z]+)+-\d$|https?:\/\/[^@?]*$|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/
const secretName = /(secret|token|password|passwd|pwd|credential|private|api_?key|access_?key|dsn|database_url|connection)(?!.*_(id|arn|name)$)/i

/** Types that some fact is read from. Of all others only the name is kept: what they hold may be anybody's secret, and nobody here asks. */
const used = /^(aws_s3_|aws_kms_|aws_iam_(?!access_key|user_login)|aws_ecs_task_definition$|aws_ecs_service$|aws_apprunner_service$)/
function withoutTheRest(module: Module): Module {
  const hidden = (value: Value | undefined) => (value === undefined || value === null || value === '' ? value : '«set»')
  return {
    ...module,
    resources: module.resources.map((resource) => (used.test(resource.type) ? resource : { ...resource, values: {} })),
    variables: module.variables === null ? null : module.variables.map((variable) => ({ ...variable, ...('default' in variable ? { default: hidden(variable.default) as Value } : {}), ...('value' in variable ? { value: hidden(variable.value) as Value } : {}) })),
    outputs: module.outputs.filter(({ name }) => /^video_/.test(name)),
  }
}

export default [
  observer({
    ...settings, fact: terraform.module, seconds: 60, needs: {},
    observe: async (_, look) => {
      const { terraform: source, aws } = look.target
      if (source?.dir === undefined && source?.plan === undefined) throw notConfigured('/terraform')
      const { dir, plan } = source
      const place = aws === undefined ? {} : { account: aws.accountId, region: aws.region }
      const { readModule } = await import('./read.ts') // on first use: most runs of one check need no Terraform
      const module = await readModule({ ...(dir === undefined ? {} : { dir }), ...(plan === undefined ? {} : { plan }), ...place }, filesOf(look)).catch((error: unknown) => {
        if (whyOf(error) !== undefined) throw error
        throw unknown('not-configured', error instanceof Error ? error.message : String(error), 'correct that file, or what /terraform of the target file names', '/terraform')
      })
      concealSecrets(module, look)
      return withoutTheRest(module)
    },
  }),
  observer({
    ...settings, fact: terraform.validation, seconds: 120, needs: { module: terraform.module },
    observe: async ({ module }, look) => {
      const dir = look.target.terraform?.dir
      if (dir === undefined || module.references === null) throw notConfigured('/terraform/dir') // a plan alone does not show what its source refers to
      const references = module.references.length
      const said = await isInitialised(look, dir) ? await validate(look, dir) : null
      if (said !== null) return { by: 'terraform', problems: said, references } satisfies Validation
      return { by: 'resolver', problems: module.references.filter(({ resolved }) => !resolved).map(({ from, to }) => ({ at: from, say: `${to} is not defined` })), references } satisfies Validation
    },
  }),
] as const

/** terraform init puts providers there; without them validate cannot work. */
const isInitialised = (look: Look, dir: string): Promise<boolean> =>
  look.files(`${dir}/.terraform/providers`, /terraform-provider-/).then((found) => found.length > 0, (error: unknown) => {
    if (whyOf(error)?.kind === 'not-configured') return false
    throw error
  })

/** null: there is no terraform here (a shell's exit code for a command that is not found is 127). */
async function validate(look: Look, dir: string): Promise<Validation['problems'] | null> {
  const { code, stdout, stderr } = await look.run('terraform', ['validate', '-json'], dir)
  if (code === 127) return null
  let answer: { valid?: unknown; diagnostics?: { severity: string; summary: string; detail?: string; address?: string; range?: { filename: string; start: { line: number } } }[] }
  try {
    answer = JSON.parse(stdout)
  } catch {
    throw unknown('crashed', `terraform validate ended with ${code} and said no JSON: ${stderr.split('\n').find(Boolean) ?? 'nothing'}`, 'run it there by hand', 'terraform')
  }
  if (typeof answer.valid !== 'boolean') throw unknown('crashed', 'terraform validate does not say whether the module is valid', 'run it there by hand', 'terraform')
  const errors = (answer.diagnostics ?? []).filter(({ severity }) => severity === 'error')
  if (!answer.valid && errors.length === 0) throw unknown('crashed', 'terraform validate says invalid and gives no reason', 'run it there by hand', 'terraform')
  return errors.map(({ summary, detail, range }) => ({ at: range === undefined ? dir : `${range.filename}:${range.start.line}`, say: [summary, detail?.split('\n')[0]].filter(Boolean).join(': ') }))
}
