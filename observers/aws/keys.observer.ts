/** The recordings key and the token-signing key as KMS describes them: alias → key, its policy, grants and rotation. */
import * as keys from '#facts/keys.ts'
import type { Grant, Key } from '#facts/keys.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { orAbsent, parsePolicy, present } from './answer.ts'

const settings = { sources: ['live'], safety: 'B', seconds: 20 } as const

/** One call: DescribeKey takes an alias name and answers with the key behind it. */
async function describe(look: Look, alias: string): Promise<Key | null> {
  const answer = await orAbsent(look.aws('KMS.DescribeKey', { KeyId: alias }), 'NotFoundException')
  if (answer === null) return null
  const key = present(answer.KeyMetadata, 'KeyMetadata') as Record<string, any>
  const field = (name: string) => present(key[name], `${name} of DescribeKey`)
  return {
    alias, id: field('KeyId'), arn: field('Arn'), state: field('KeyState'), manager: field('KeyManager'), spec: field('KeySpec'), usage: field('KeyUsage'),
    origin: field('Origin'), multiRegion: field('MultiRegion'),
  }
}
const policyOf = async (look: Look, key: Key): Promise<unknown> =>
  parsePolicy((await look.aws('KMS.GetKeyPolicy', { KeyId: key.id, PolicyName: 'default' })).Policy, `the policy of key ${key.alias}`) // "default" is the only policy name (KMS API)
const grantsOf = async (look: Look, key: Key): Promise<Grant[]> =>
  (await look.pages('KMS.ListGrants', { KeyId: key.id }, 'Grants')).map(({ GranteePrincipal, GranteeServicePrincipal, Operations }) =>
    ({ grantee: present(GranteePrincipal ?? GranteeServicePrincipal, 'GranteePrincipal of a grant'), operations: present(Operations, 'Operations of a grant') }))

const recordingsKey = { ...settings, needs: { key: keys.recordingsKey } } as const
const signingKey = { ...settings, needs: { key: keys.signingKey } } as const

export default [
  observer({ ...settings, fact: keys.recordingsKey, needs: {}, calls: ['KMS.DescribeKey'], observe: (_, look) => describe(look, look.plan.recordings.alias) }),
  observer({ ...settings, fact: keys.signingKey, needs: {}, calls: ['KMS.DescribeKey'], observe: (_, look) => describe(look, look.plan.signing.alias) }),
  observer({
    ...recordingsKey, fact: keys.rotation,
    calls: ['KMS.GetKeyRotationStatus'],
    observe: async ({ key }, look) => {
      const { KeyRotationEnabled, RotationPeriodInDays } = await look.aws('KMS.GetKeyRotationStatus', { KeyId: key.id })
      return { enabled: present(KeyRotationEnabled, 'KeyRotationEnabled'), days: RotationPeriodInDays ?? null }
    },
  }),
  observer({ ...recordingsKey, fact: keys.recordingsKeyPolicy, calls: ['KMS.GetKeyPolicy'], observe: ({ key }, look) => policyOf(look, key) }),
  observer({ ...signingKey, fact: keys.signingKeyPolicy, calls: ['KMS.GetKeyPolicy'], observe: ({ key }, look) => policyOf(look, key) }),
  observer({ ...recordingsKey, fact: keys.recordingsGrants, calls: ['KMS.ListGrants'], observe: ({ key }, look) => grantsOf(look, key) }),
  observer({ ...signingKey, fact: keys.signingGrants, calls: ['KMS.ListGrants'], observe: ({ key }, look) => grantsOf(look, key) }),
] as const
