// Which Python makes the emulator's environment.
import { spawnSync } from 'node:child_process'
import { problem } from './problem.mjs'

const probe = `
import importlib.metadata, importlib.util, json, sys
try: pip = importlib.metadata.version('pip')
except Exception: pip = None
print(json.dumps({'exe': sys.executable, 'version': list(sys.version_info[:3]), 'pip': pip,
                  'venv': importlib.util.find_spec('venv') is not None, 'ensurepip': importlib.util.find_spec('ensurepip') is not None}))
`
const names = process.platform === 'win32' ? ['python', 'python3', 'py'] : ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']

/** { exe, version: [3, 11, 7], pip: '23.2.1' | null, venv, ensurepip }, or null when it does not start. */
const look = (command) => {
  const { status, stdout } = spawnSync(command, ['-I', '-c', probe], { encoding: 'utf8', timeout: 20_000, windowsHide: true })
  try {
    return status === 0 ? JSON.parse(stdout) : null
  } catch {
    return null
  }
}

const newEnough = ({ version: [major, minor] }) => major === 3 && minor >= 10
/** pip 22.3 and later install into another environment with --python (pip changelog, 22.3); else the environment needs a pip of its own. */
const canInstall = ({ pip, venv, ensurepip }) => venv && (ensurepip || reaches(pip))
export const reaches = (pip) => {
  const [major, minor] = (pip ?? '0.0').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 3)
}

const how = () => {
  if (process.platform === 'darwin') return 'brew install python, or the installer from python.org'
  if (process.platform === 'win32') return 'winget install Python.Python.3.13, or the installer from python.org'
  return 'apt install python3 python3-venv (Debian, Ubuntu), dnf install python3 (Fedora, RHEL), or uv'
}

/** Throws what is missing and how to get it. */
export const findPython = () => {
  const own = process.env.VV_PYTHON
  const seen = []
  for (const name of own ? [own] : names) {
    const python = look(name)
    if (python && newEnough(python) && canInstall(python)) return python
    if (python) seen.push(`${name} is ${python.version.join('.')}${newEnough(python) ? ' without the venv module or pip' : ''}`)
  }
  const found = seen.length > 0 ? [...new Set(seen)].join(', ') : own ? `VV_PYTHON=${own} does not start` : 'no python3 on PATH'
  throw problem(`Python 3.10 or later with venv is needed for the AWS emulator of the rehearsal (${found})`,
    `${how()}; then run this again. VV_PYTHON=/path/to/python3 names another; VV_SKIP_MINISTACK=1 does without the rehearsal`)
}
