export interface DoctorFact {
  readonly what: string
  readonly state: 'ok' | 'missing' | 'not needed'
  /** Null when it is not there; 'did not answer' when the program said nothing within 800 ms. */
  readonly version: string | null
  /** The home folder is ~, the project is '.'. */
  readonly where: string | null
  /** What to do, or what does without it; null when it is there. */
  readonly next: string | null
}
/** What is on this machine and what is missing, in a fixed order, in less than a second. */
export function doctorFacts(): Promise<readonly DoctorFact[]>
/** The same rows as lines of a table. */
export function doctorTable(rows: readonly DoctorFact[]): string
