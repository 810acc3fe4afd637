// Where things are, and whether they are good. On the path of every start, so: no crypto (8 ms), no child processes, a few small reads.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const lockfile = join(root, 'package-lock.json')
export const requirements = join(root, 'fixtures', 'aws', 'requirements.txt')
export const packagesStamp = join(root, 'node_modules', '.visitgate-stamp')

const windows = process.platform === 'win32'
const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** The user's cache folder: tools by version, compiled code. VV_CACHE names another. */
export const cacheDir = () => {
  const env = process.env
  if (env.VV_CACHE) return resolve(env.VV_CACHE)
  if (windows) return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'visitgate', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'visitgate')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'visitgate') // XDG Base Directory Specification
}

const numbers = (version) => version.split('.').map(Number)

/** A sentence when this Node is one that npm skips native bindings for (the engines of Vite and Rolldown: ^20.19.0 || >=22.12.0), else null. */
export const tooOld = (version) => {
  const [major, minor] = numbers(version)
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return null
  return `Node ${version} is not supported. Next: install Node 24 (or 20.19 and later, 22.12 and later) from nodejs.org, and run this again.`
}

/** 24.5 and later run the TypeScript sources without a warning and have tls.setDefaultCACertificates. */
export const runsTypeScript = (version) => {
  const [major, minor] = numbers(version)
  return major > 24 || (major === 24 && minor >= 5)
}

/** What a finished install of the npm packages was made from and for; its last line is the Node to run on. Null without a lockfile. */
export const packagesStampText = (node) => {
  const locked = read(lockfile)
  return locked && `${locked}\n${process.platform}-${process.arch}\n${node}`
}

/** The Node to run on when the npm packages are those of the lockfile, else null. */
export const packagesNode = () => {
  const stamp = read(packagesStamp)
  const node = stamp && stamp.slice(stamp.lastIndexOf('\n') + 1)
  if (!node || stamp !== packagesStampText(node)) return null
  if (runsTypeScript(process.versions.node)) return process.execPath
  return existsSync(node) ? node : null
}

/** Tells lists of requirements apart in a folder name; the stamp compares them byte by byte. */
const fingerprint = (text) => {
  let hash = 0x811c9dc5 // FNV-1a, 32 bits
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

export const requirementsText = () => readFileSync(requirements, 'utf8')

/** Where the Python environment of the emulator belongs, installed or not. */
export const ministackDir = () => {
  const text = requirementsText()
  const [, version] = /^(?:# )?ministack==([\w.]+)/m.exec(text) || []
  if (!version) throw new Error(`${requirements}: names no ministack==<version>`)
  return join(cacheDir(), `ministack-${version}-${fingerprint(text)}`)
}

export const venvPython = (dir) => windows ? join(dir, 'Scripts', 'python.exe') : join(dir, 'bin', 'python')

/** The requirements, and the interpreter that a symbolic link leads to: after an upgrade from 3.11 to 3.12 its packages are not found. */
export const ministackStampText = (dir) => `${requirementsText()}\n# ${realpathSync(venvPython(dir))}\n`

/** The Python that has MiniStack and cryptography, or null when they are not installed. */
export const ministackPython = () => {
  const dir = ministackDir()
  const stamp = read(join(dir, 'visitgate-stamp'))
  try {
    return stamp && stamp === ministackStampText(dir) ? venvPython(dir) : null
  } catch {
    return null // its interpreter was removed
  }
}

const withoutTarget = ['list', 'explain', 'judge', 'verify', 'diff', 'doctor', 'help', 'new', 'docs', 'attest', 'waive', 'init']

/** Whether a command may look at the rehearsal. Any verb that is not known to do without counts as one that does;
 * none at all is `gate`. */
export const needsMinistack = (argv, env = process.env) => {
  if (env.VV_SKIP_MINISTACK || withoutTarget.includes(argv[0])) return false
  if (argv.some((word) => ['--help', '-h', '--version', '-V'].includes(word))) return false
  if (argv[0] === 'test' || argv[0] === 'bench' || argv[0] === 'rehearse') return true
  const at = argv.findIndex((word) => word === '--target' || word === '-t')
  const inline = argv.find((word) => word.startsWith('--target='))
  const target = at >= 0 ? argv[at + 1] : inline ? inline.slice('--target='.length) : env.VV_TARGET
  return !(target && isFilePath(target))
}

/** `rehearsal` and `as-planned` are names; a file has a folder or an ending. */
const isFilePath = (target) => /[/\\]|\.json$/.test(target) && !/(^|[/\\])(rehearsal|as-planned)\.json$/.test(target)
