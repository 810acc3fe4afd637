/** The command line. Exit codes: 0 good, 1 NO-GO (or bad, different), 2 HOLD or BLOCKED (or could not look), 64 wrong usage, 70 internal error. */
import { readFile } from 'node:fs/promises'
import { Command, CommanderError, Option } from 'commander'
import { root } from '../paths.ts'
import { isUsage } from '../usage.ts'

const version = async () => (JSON.parse(await readFile(root('package.json'), 'utf8')) as { version: string }).version

/** @returns the exit code. Nothing here throws: what does is 70, which means "could not judge". */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0
  try {
    await (await program((result) => { code = result })).parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64 // commander has already said what is wrong
    if (isUsage(error)) {
      process.stderr.write(`${error.message}\n  → ${error.usage.next}\n`)
      return 64
    }
    process.stderr.write(`visitgate failed, so nothing was judged: ${error instanceof Error ? (process.env.VV_DEBUG ? error.stack : error.message) : String(error)}\n  → set VV_DEBUG=1 for the details\n`)
    return 70
  }
}

async function program(done: (code: number) => void): Promise<Command> {
  const target = () => new Option('-t, --target <target>', 'a target file, or "rehearsal" or "as-planned"').env('VV_TARGET').default(undefined, 'rehearsal')
  const all = new Command('visitgate').description('Go/no-go gate for a HIPAA video-visit rollout: may this phase go live, and what proves it?')
    .version(await version()).exitOverride().showHelpAfterError('(visitgate --help lists the commands)').showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false })
  const list = (value: string, before: string[] | undefined) => [...(before ?? []), ...value.split(',')]

  all.command('gate [checks...]', { isDefault: true }).description('observe, judge, decide: one verdict per rollout phase, with its evidence')
    .addOption(target())
    .option('-p, --phase <phases>', 'phases, such as 0-4,6 (default: all)')
    .option('-c, --check <glob>', 'only these checks: the run is PARTIAL and gives no phase verdict (repeatable)', list)
    .addOption(new Option('--mode <mode>', 'rollout judges everything of a phase, audit the standing checks').choices(['rollout', 'audit']).default('rollout'))
    .option('--allow <classes>', 'narrow the probe classes that the target allows, such as A,B', list)
    .option('--strict', 'exit 0 only for GO, not for GO WITH CONDITIONS')
    .option('-o, --out <dir>', 'run folder (default: runs/<time>-<target>)')
    .option('--format <formats>', 'reports to write beside results.json', list, ['html'])
    .option('--json', 'print results.json instead of the report')
    .option('-v, --verbose', 'show every claim, also those that hold')
    .action(async (checks: string[], options) => done(await (await import('./gate.ts')).gate({ ...options, check: [...(options.check ?? []), ...checks] })))

  all.command('record').description('observe only, and keep what was seen (the baseline before a deployment)')
    .addOption(target()).option('--allow <classes>', 'narrow the probe classes', list).option('-c, --check <glob>', 'only what these checks need', list).requiredOption('-o, --out <dir>', 'run folder')
    .action(async (options) => done(await (await import('./gate.ts')).record(options)))

  all.command('judge <runs...>').description('judge recorded observations with today\'s checks, without touching the target (also merges shards)')
    .option('-p, --phase <phases>').option('-c, --check <glob>', 'only these checks', list)
    .addOption(new Option('--mode <mode>').choices(['rollout', 'audit']).default('rollout'))
    .option('--strict').option('-o, --out <dir>').option('--format <formats>', 'reports', list, ['html']).option('--json').option('-v, --verbose')
    .action(async (runs: string[], options) => done(await (await import('./judge.ts')).judge(runs, options)))

  all.command('verify <run>').description('does the evidence of a run still hold together?').action(async (run: string) => done(await (await import('./judge.ts')).verify(run)))
  all.command('diff <before> <after>').description('which rows changed between two runs').option('--json').action(async (before: string, after: string, options) => done(await (await import('./judge.ts')).diff(before, after, options)))
  all.command('list [checks...]').description('every required check, built or not').option('--json').action(async (globs: string[], options) => done(await (await import('./list.ts')).list(globs, options)))
  all.command('explain <check>').description('what a check asks, why, from which facts, and how to remedy').option('--json').action(async (id: string, options) => done(await (await import('./list.ts')).explain(id, options)))
  all.command('doctor').description('what is installed, what is missing, and whether a target can be looked at')
    .addOption(target()).option('--policy', 'print the IAM policy that the auditor needs').option('--json')
    .action(async (options, command) => done(await (await import('./doctor.ts')).doctor({ ...options, asked: command.getOptionValueSource('target') !== 'default' })))
  all.command('rehearse').description('run the rehearsal system, with faults seeded if asked')
    .option('--variant <variant>', 'hardened or as-planned', 'hardened').option('-f, --fault <id>', 'seed a fault (repeatable)', list).option('--keep', 'keep it running for later commands until Ctrl-C').option('--list', 'list the faults')
    .action(async (options) => done(await (await import('./rehearse.ts')).rehearse(options)))
  all.command('test [args...]').description('all tests of the project').allowUnknownOption().action(async (args: string[]) => done(await (await import('./develop.ts')).test(args)))
  all.command('bench').description('speed, as ratios in one run').action(async () => done(await (await import('./develop.ts')).bench()))
  all.command('new <check>').description('write the skeleton of a required check').action(async (id: string) => done(await (await import('./develop.ts')).newCheck(id)))
  all.command('docs').description('write checks.md anew').option('--check', 'fail if it is not up to date').action(async (options) => done(await (await import('./develop.ts')).docs(options)))
  return all
}
