/** Long work shows progress: one changing line on a terminal, plain lines on a pipe; always on stderr, so that stdout stays data. */
export interface Progress { line(text: string): void; tick(): void; done(): void }

export function progress(): Progress {
  const live = process.stderr.isTTY === true && process.env.CI === undefined
  let seen = 0
  let open = false
  const clear = () => { if (open) process.stderr.write('\r\x1b[K'); open = false }
  return {
    line(text) { clear(); process.stderr.write(`${text}\n`) },
    tick() {
      seen += 1
      if (!live) return
      process.stderr.write(`\r\x1b[Kobserving: ${seen} facts`)
      open = true
    },
    done: clear,
  }
}
