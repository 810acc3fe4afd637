/** Closes Vitest's known ways of being green without having looked (reference: Vitest 5, measured). It only ever raises the exit code. */
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export default class implements Reporter { // Vitest takes reporters as classes
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const ran = modules.flatMap((module) => [...module.children.allTests()]).filter((test) => test.result().state !== 'skipped' && test.result().state !== 'pending')
    const broken = modules.filter((module) => module.errors().length > 0)
    const raise = (code: number, say: string) => {
      process.stderr.write(`${say}\n`)
      process.exitCode = Math.max(Number(process.exitCode ?? 0), code)
    }
    if (errors.length > 0) raise(70, `${errors.length} unhandled errors: this run proves nothing`)
    if (broken.length > 0) raise(70, `${broken.map((module) => module.relativeModuleId).join(', ')}: failed outside its tests, so its skipped tests prove nothing`)
    const todo = modules.flatMap((module) => [...module.children.allTests()]).some((test) => test.options.mode === 'todo')
    if (ran.length === 0 && errors.length === 0 && broken.length === 0 && !(todo && !filtered())) raise(64, 'no test ran: the filter matched nothing')
    const passed = ran.filter((test) => test.result().state === 'passed').length
    process.stdout.write(`\n${passed} passed, ${ran.length - passed} failed\n`)
  }
}
const filtered = (): boolean => process.argv.some((argument) => argument === '-t' || argument.startsWith('--testNamePattern'))
