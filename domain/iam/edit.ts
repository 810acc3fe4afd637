/** Edits a policy document inside given facts, for faults: removes, changes or adds the statement with a Sid. Throws when the Sid is not there. */
interface Written { Sid?: string; [element: string]: unknown }

/** @param how returns the changed statement, null to remove it; for a Sid that begins with + the statement is added */
export function editStatement<G extends object>(given: G, name: keyof G, sid: string, how: (statement: Written) => Written | null): void {
  const document = given[name] as { Statement: Written[] }
  if (sid.startsWith('+')) {
    const added = how({ Sid: sid.slice(1) })
    if (added !== null) document.Statement.push(added)
    return
  }
  const index = document.Statement.findIndex((statement) => statement.Sid === sid)
  if (index < 0) throw new Error(`the policy has no statement ${sid}: ${document.Statement.map((statement) => statement.Sid).join(', ')}`)
  const changed = how(document.Statement[index]!)
  if (changed === null) document.Statement.splice(index, 1)
  else document.Statement[index] = changed
}

type Policies = { document?: unknown }[]
const statementsOf = (policies: Policies) => policies.flatMap(({ document }) => (document as { Statement: Written[] }).Statement)
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value as string[] : [value as string])

/** Takes an action out of the policies. Throws when none has it. */
export function dropAction(policies: Policies, action: string): void {
  let dropped = 0
  for (const policy of policies) {
    const document = policy.document as { Statement: Written[] }
    document.Statement = document.Statement.flatMap((statement) => {
      const actions = listOf(statement.Action)
      const left = actions.filter((one) => one !== action)
      dropped += actions.length - left.length
      return left.length === 0 ? [] : [{ ...statement, Action: left }]
    })
  }
  if (dropped === 0) throw new Error(`no statement allows ${action}`)
}

/** Adds a statement to the first of the policies. */
export function addStatement(policies: Policies, statement: Written): void {
  (policies[0]!.document as { Statement: Written[] }).Statement.push(statement)
}

/** Changes each statement that holds an action. Throws when none does. */
export function changeStatements(policies: Policies, action: string, how: (statement: Written) => void): void {
  const found = statementsOf(policies).filter((statement) => listOf(statement.Action).includes(action))
  if (found.length === 0) throw new Error(`no statement allows ${action}`)
  found.forEach(how)
}

/** The value of an observed fact, for editing. Throws when it is not there. */
export function value<T>(observed: { ok: true; value: T } | { ok: false }): { value: T } {
  if (!observed.ok) throw new Error('the good facts have no such value')
  return observed
}
