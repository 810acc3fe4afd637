// Runs the command line in this process, which is Node 24. Imported by the entry, or started by hand.mjs under another Node.
import { fileURLToPath } from 'node:url'

/** Sets the exit code: what main returns, and 70 (could not judge) whenever it did not get that far. Node's own 1 would say NO-GO. */
export const run = async (argv) => {
  process.exitCode = 70
  process.on('uncaughtException', broken)
  // A reader that left (`| head`) costs it the rest of the output, not the run its verdict.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => { if (error.code !== 'EPIPE') broken(error) })
  try {
    const { main } = await import('../../harness/cli/main.ts')
    process.exitCode = await main(argv)
  } catch (error) {
    broken(error)
  }
}

const broken = (error) => {
  process.stderr.write(`visitgate: internal error: ${error?.stack ?? error}\n`)
  process.exit(70)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The channel closes however the other process ends: nothing goes on behind a start that was killed.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
  run(process.argv.slice(2))
}
