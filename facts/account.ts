import { fact } from '#harness/fact.ts'

/** Whose credentials look, and where. Every AWS observation is void when this is another account or region than the target says. */
export interface CallerIdentity { account: string; arn: string; region: string }
export const callerIdentity = fact<CallerIdentity>('account.callerIdentity', ['live'])

export interface AnalyzerFinding { id: string; resource: string; status: string }
/** External-access analyzers that are ACTIVE, with their open findings. Empty: no analyzer. */
export interface AccessAnalyzer { name: string; type: string; findings: AnalyzerFinding[] }
export const accessAnalyzers = fact<AccessAnalyzer[]>('account.accessAnalyzers', ['live'])
