/** The IAM policy evaluator: what a policy document says, who may do what under it, and every way around its Denies. Pure. */
export { isUnresolved, parsePolicy, type Condition, type Policy, type PolicyError, type Principals, type Statement, type Text, type Unresolved } from './iam/document.ts'
export { type Principal } from './iam/principal.ts'
export { evaluate, type Decision, type Effect, type Policies, type Request } from './iam/evaluate.ts'
export { escapes, type Asked, type Escape } from './iam/escape.ts'
