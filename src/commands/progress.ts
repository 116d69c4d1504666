const width = 30
// Between two lines where there is no terminal, in milliseconds.
const pause = 10_000

/**
 * Shows on standard error how far a long work is: as a bar on a terminal, elsewhere as a line now and then. Gives what to
 * call with how much is done of how much, and what to show behind it; `unit` is what is counted, such as `rows`.
 */
export function showProgress(unit: string): (done: number, all: number, note?: string) => void {
  const { stderr } = process
  let shown = stderr.isTTY ? 0 : performance.now()
  let last = -1
  return (done, all, note = '') => {
    const now = performance.now()
    const isOver = done >= all
    const percent = all === 0 ? 100 : Math.floor((done / all) * 100)
    if (stderr.isTTY ? percent === last : now - shown < pause) return
    shown = now
    last = percent
    const count = `${percent} % (${done.toLocaleString('en')} of ${all.toLocaleString('en')} ${unit})${note}`
    if (!stderr.isTTY) {
      stderr.write(`${count}\n`)
      return
    }
    const full = Math.floor((percent / 100) * width)
    stderr.write(`\r${'█'.repeat(full)}${'░'.repeat(width - full)} ${count}${isOver ? '\n' : '\x1b[K'}`)
  }
}
