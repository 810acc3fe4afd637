#!/usr/bin/env node
// The one entry: starts the command line on Node 24, after installing what is missing. Plain Node, because nothing is installed yet when
// it first runs. A start that finds everything in place reads two stamps and imports nothing more: it is on the path of every command.
import { join } from 'node:path'
import { cacheDir, ministackPython, needsMinistack, packagesNode, tooOld } from './setup/paths.mjs'

const argv = process.argv.slice(2)

const start = async () => {
  const old = tooOld(process.versions.node)
  if (old) return stop(`visitgate: ${old}`)
  let node = packagesNode()
  if (!node || (needsMinistack(argv) && !ministackPython())) {
    const { setUp } = await import('./setup/install.mjs')
    node = await setUp({ ministack: needsMinistack(argv), doctor: argv[0] === 'doctor' })
    if (!node) return stop()
  }
  if (process.env.VV_NODE && process.env.VV_NODE !== node) node = (await import('./setup/node.mjs')).named(process.env.VV_NODE)
  // Node's own switch: everything that it starts inherits it. A user's value stays.
  if (!process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = join(cacheDir(), 'compile')
  if (node !== process.execPath) return (await import('./setup/hand.mjs')).hand(node, argv)
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(process.env.NODE_COMPILE_CACHE)
  const { run } = await import('./setup/cli.mjs')
  run(argv) // not awaited: when nothing is left to wait for, it ends with its exit code
}

/** 70: could not judge. Never 1, which says NO-GO. */
const stop = (line) => {
  if (line) process.stderr.write(`${line}\n`)
  process.exitCode = 70
}

start().catch((error) => stop(error.next ? `visitgate: ${error.message}\n  Next: ${error.next}` : `visitgate: internal error: ${error.stack}`))
