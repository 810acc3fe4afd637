/** Who looks, and what the account's own analyzer says. */
import type { AccessAnalyzer } from '#facts/account.ts'
import { accessAnalyzers, callerIdentity } from '#facts/account.ts'
import { observer } from '#harness/fact.ts'
import { present } from './answer.ts'

export default [
  observer({
    fact: callerIdentity, sources: ['live'], safety: 'B', seconds: 10, needs: {},
    calls: ['STS.GetCallerIdentity'],
    observe: async (_, look) => {
      const [{ Account, Arn }, region] = await Promise.all([look.aws('STS.GetCallerIdentity', {}), look.region()])
      // Where the SDK has no region of its own, its clients are made with the target's (harness/aws.ts): that one is then in use.
      return { account: present(Account, 'Account'), arn: present(Arn, 'Arn'), region: region ?? look.plan.region }
    },
  }),
  observer({
    fact: accessAnalyzers, sources: ['live'], safety: 'B', seconds: 20, needs: {},
    calls: ['AccessAnalyzer.ListAnalyzers', 'AccessAnalyzer.ListFindingsV2'],
    observe: async (_, look) => {
      // ACCOUNT = external access of this account; unused-access and organization analyzers have types of their own (Access Analyzer API, AnalyzerSummary)
      const analyzers = await look.pages('AccessAnalyzer.ListAnalyzers', { type: 'ACCOUNT' }, 'analyzers')
      return Promise.all(analyzers.filter(({ status }) => status === 'ACTIVE').map(async ({ arn, name, type }): Promise<AccessAnalyzer> => {
        const findings = await look.pages('AccessAnalyzer.ListFindingsV2', { analyzerArn: arn, filter: { status: { eq: ['ACTIVE'] } } }, 'findings')
        return { name, type, findings: findings.map(({ id, resource, status }) => ({ id, resource: present(resource, `resource of finding ${id}`), status })) }
      }))
    },
  }),
] as const
