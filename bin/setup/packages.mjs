// The npm packages, exactly those of the lockfile, and node_modules/.bin/node.
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { withLock } from './lock.mjs'
import { findNode } from './node.mjs'
import { lockfile, packagesNode, packagesStamp, packagesStampText, root } from './paths.mjs'
import { problem } from './problem.mjs'
import { run, tail } from './run.mjs'

const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'

const packagesIn = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return {}
  }
}

/** An optional package may be absent when it is for another system, or only serves one that is; those that name this system may not. */
const mayBeAbsent = ({ optional, os, cpu, libc }) => {
  const named = [[os, process.platform], [cpu, process.arch]].filter(([list]) => list)
  return optional && (Boolean(libc) || named.length === 0 || named.some(([list, own]) => ![].concat(list).includes(own)))
}

/** Whether npm, run by the user, has installed just what the lockfile says: it notes so in node_modules, as its last act. */
const installedByHand = () => {
  const { '': _root, ...wanted } = packagesIn(lockfile)
  const found = packagesIn(join(modules, '.package-lock.json'))
  return Object.keys(wanted).length > 0 && Object.keys(found).every((path) => path in wanted) && Object.entries(wanted).every(([path, entry]) => found[path]
    ? found[path].version === entry.version && found[path].integrity === entry.integrity
    : mayBeAbsent(entry))
}

/** npm's own script when npm started us, so that it runs on this Node; else npm from PATH. */
const npm = () => {
  const script = process.env.npm_execpath
  if (script && basename(script).startsWith('npm-cli.') && existsSync(script)) return [process.execPath, script]
  return [windows ? 'npm.cmd' : 'npm']
}

const install = async () => {
  rmSync(packagesStamp, { force: true })
  const [program, ...first] = npm()
  // A user's omit=dev, omit=optional or NODE_ENV=production would leave out Vitest, native bindings and Node 24 itself.
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--include=peer', '--loglevel=error', '--no-audit', '--no-fund']
  const { code, output } = await run(program, args, { cwd: root })
  if (code === 127) throw problem('npm is not on PATH', 'install Node 24 with npm from nodejs.org (Debian, Ubuntu: apt install npm)')
  if (code !== 0) throw problem(`npm ci ended with exit code ${code}:\n${tail(output)}`, 'mend that (network, proxy, disk, rights) and run this again')
}

/** npm 10 does not link the per-platform packages; with the link `npx vitest` runs on Node 24 too. */
const linkNode = (node) => {
  const link = join(modules, '.bin', windows ? 'node.cmd' : 'node')
  if (existsSync(link)) return
  mkdirSync(dirname(link), { recursive: true })
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link) // leads nowhere
  if (windows) writeFileSync(link, `@"${node}" %*\r\n`)
  else symlinkSync(node.startsWith(modules) ? relative(dirname(link), node) : node, link)
}

/** Returns the Node to run on. Does nothing when another start has just done it. */
export const installPackages = (step) => withLock(join(root, '.visitgate', 'packages.lock'), async () => {
  const ready = packagesNode()
  if (ready) return ready
  if (!installedByHand()) {
    step.now('npm ci')
    await install()
  }
  const node = findNode()
  linkNode(node)
  writeFileSync(packagesStamp, packagesStampText(node))
  return node
}, (pid) => step.now(`waiting for another start (pid ${pid})`))
