// Which Node runs the TypeScript sources: the running one, the one that npm installed, one on this machine; else what to do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, runsTypeScript } from './paths.mjs'
import { problem } from './problem.mjs'

const windows = process.platform === 'win32'
const name = windows ? 'node.exe' : 'node'

/** '24.21.0', or null when there is no Node that starts (a glibc binary does not on Alpine). */
const versionOf = (file) => {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000, windowsHide: true })
  return status === 0 ? stdout.trim().replace(/^v/, '') : null
}

const good = (file) => {
  const version = versionOf(file)
  return version !== null && runsTypeScript(version)
}

/** The Node of VV_NODE. Named by the user: it is taken, or the start fails. */
export const named = (file) => {
  const version = versionOf(file)
  if (version && runsTypeScript(version)) return file
  throw problem(`VV_NODE=${file}: ${version ? `is Node ${version}, and 24.5 or later is needed` : 'is no Node that starts'}`,
    'name a Node 24.5 or later, or unset VV_NODE')
}

/** The `bin/node` of node_modules/node-<platform>-<arch>: packages without a script, unlike `node`, so it works with --ignore-scripts. */
const packaged = () => {
  const modules = join(root, 'node_modules')
  const own = `node-${windows ? 'win' : process.platform}-${process.arch}`
  return readdirSync(modules).filter((entry) => entry === own).map((entry) => join(modules, entry, 'bin', name)).filter((file) => existsSync(file))
}

const onPath = () => {
  const brew = ['/opt/homebrew/opt/node@24/bin', '/usr/local/opt/node@24/bin'] // keg-only: brew does not put it on PATH
  const own = join(root, 'node_modules', '.bin') // a link to what this looks for
  const folders = [...(process.env.PATH || '').split(delimiter), ...brew]
  return [...new Set(folders)].filter((folder) => folder && folder !== own).map((folder) => join(folder, name)).filter((file) => existsSync(file))
}

export const findNode = () => {
  if (process.env.VV_NODE) return named(process.env.VV_NODE)
  if (runsTypeScript(process.versions.node)) return process.execPath
  for (const candidates of [packaged, onPath]) {
    const found = candidates().find(good)
    if (found) return found
  }
  const mac = process.platform === 'darwin' ? 'brew install node@24, or ' : ''
  throw problem(`Node 24 is needed, and npm has none for ${process.platform} on ${process.arch} that starts here (this is Node ${process.versions.node})`,
    `${mac}the Node 24 installer from nodejs.org, or VV_NODE=/path/to/node (24.5 or later)`)
}
