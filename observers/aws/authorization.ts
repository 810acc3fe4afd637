/** Everybody in the account with every policy that speaks for them, from one paged call: no call per role, user or policy. */
import type { Holder } from '#facts/roles.ts'
import type { Look } from '#harness/kernel.ts'
import { decodePolicy, present } from './answer.ts'

/** AWSManagedPolicy lists those that are in use (IAM API); without a filter it is not said whether they come. */
const filter = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const
type Details = Readonly<Record<'UserDetailList' | 'RoleDetailList' | 'GroupDetailList' | 'Policies', readonly any[]>>

async function details(look: Look): Promise<Details> {
  const all = { UserDetailList: [] as any[], RoleDetailList: [] as any[], GroupDetailList: [] as any[], Policies: [] as any[] }
  for (let Marker: string | undefined, more = true; more;) {
    const page = await look.aws('IAM.GetAccountAuthorizationDetails', { Filter: filter, MaxItems: 1000, ...(Marker === undefined ? {} : { Marker }) })
    for (const list of Object.keys(all) as (keyof typeof all)[]) all[list].push(...(page[list] ?? []))
    more = page.IsTruncated === true
    if (more) Marker = present(page.Marker, 'Marker of GetAccountAuthorizationDetails')
  }
  return all
}

/** @param fetch a managed policy that the answer names but does not hold; each is asked for once */
export async function everybody(look: Look, fetch: (arn: string) => Promise<unknown>): Promise<Holder[]> {
  const { UserDetailList: users, RoleDetailList: roles, GroupDetailList: groups, Policies: policies } = await details(look)
  const known = new Map<string, Promise<unknown>>(policies.map((policy) => [policy.Arn, Promise.resolve(policy)]))
  const managed = async (arn: string): Promise<unknown> => {
    if (!known.has(arn)) known.set(arn, fetch(arn))
    const found = await known.get(arn)
    return isListed(found) ? defaultVersion(found, arn) : found
  }
  const attached = (of: any): Promise<unknown>[] => (of.AttachedManagedPolicies ?? []).map(({ PolicyArn }: any) => managed(present(PolicyArn, 'PolicyArn')))
  const embedded = (list: any[] | undefined, of: string): unknown[] => (list ?? []).map(({ PolicyName, PolicyDocument }) => decodePolicy(PolicyDocument, `inline policy ${PolicyName} of ${of}`))
  const boundary = async (of: any): Promise<unknown> => (of.PermissionsBoundary === undefined ? null : managed(present(of.PermissionsBoundary.PermissionsBoundaryArn, 'PermissionsBoundaryArn')))

  const ofGroups = async (user: any): Promise<unknown[]> => (await Promise.all((user.GroupList ?? []).map(async (name: string) => {
    const group = present(groups.find(({ GroupName }) => GroupName === name), `group ${name} of user ${user.UserName}`)
    return [...embedded(group.GroupPolicyList, group.Arn), ...await Promise.all(attached(group))]
  }))).flat()

  const holders = await Promise.all([
    ...roles.map(async (role): Promise<Holder> => ({
      arn: present(role.Arn, 'Arn of a role'), kind: 'role', serviceLinked: present<string>(role.Path, 'Path of a role').startsWith('/aws-service-role/'), // IAM guide: their path
      identity: [...embedded(role.RolePolicyList, role.Arn), ...await Promise.all(attached(role))], boundary: await boundary(role),
    })),
    ...users.map(async (user): Promise<Holder> => ({
      arn: present(user.Arn, 'Arn of a user'), kind: 'user', serviceLinked: false,
      identity: [...embedded(user.UserPolicyList, user.Arn), ...await Promise.all(attached(user)), ...await ofGroups(user)], boundary: await boundary(user),
    })),
  ])
  return holders.sort((a, b) => (a.arn < b.arn ? -1 : 1)) // IAM says nothing of an order, and two runs must compare
}

const isListed = (policy: any): boolean => Array.isArray(policy?.PolicyVersionList)
function defaultVersion(policy: any, arn: string): unknown {
  const version = policy.PolicyVersionList.find(({ IsDefaultVersion }: any) => IsDefaultVersion === true)
  return decodePolicy(version?.Document, `the default version of ${arn}`)
}
