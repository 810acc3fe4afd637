// What set-up says while it works: on stderr only, because stdout belongs to the command. In a terminal one line counts seconds; into a
// file or a pipe each step has a plain line when it begins and when it ends.

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Returns steps(name) → { now(doing), done(), stop() }. A step that never says what it is doing is never shown. */
export const progress = (out = process.stderr, env = process.env) => {
  const live = Boolean(out.isTTY) && env.TERM !== 'dumb'
  const tick = env.NO_COLOR ? '✓' : '\x1b[32m✓\x1b[0m'
  const running = new Set()
  let timer
  const draw = () => {
    if (!live) return
    const line = [...running].map((step) => `${step.name}: ${step.doing} ${seconds(step.since)}`).join('   ')
    out.write(`\r\x1b[2K${line.slice(0, (out.columns || 80) - 1)}`) // a line that wraps could not be erased
  }
  const end = (step, line) => {
    if (!running.delete(step)) return
    out.write(`${live ? '\r\x1b[2K' : ''}${line}`)
    if (running.size === 0) clearInterval(timer)
    else draw()
  }
  return (name) => {
    const step = { name, doing: '', since: performance.now() }
    return {
      now: (doing) => {
        step.doing = doing
        if (live && running.size === 0) timer = setInterval(draw, 100)
        running.add(step)
        if (live) draw()
        else out.write(`visitgate: ${name}: ${doing} …\n`)
      },
      done: () => end(step, live ? `${tick} ${name} ${seconds(step.since)}\n` : `visitgate: ${name}: ready, ${seconds(step.since)}\n`),
      stop: () => end(step, ''),
    }
  }
}
