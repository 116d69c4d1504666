const width = 30
// Between two lines if there is no terminal, in milliseconds.
const pause = 10_000

/**
 * Shows the progress of a long task on standard error: as a bar in a terminal, otherwise as a line every 10 seconds. Returns
 * a function to call with the number of units done, the number of all units, and a note to show after them. `unit` is
 * what is counted, such as `rows`.
 */
export function showProgress(unit: string): (done: number, all: number, note?: string) => void {
  const { stderr } = process
  let lastTime = stderr.isTTY ? 0 : performance.now()
  let lastPercent = -1
  return (done, all, note = '') => {
    const now = performance.now()
    const isDone = done >= all
    const percent = all === 0 ? 100 : Math.floor((done / all) * 100)
    if (stderr.isTTY ? percent === lastPercent : now - lastTime < pause) return
    lastTime = now
    lastPercent = percent
    const count = `${percent} % (${done.toLocaleString('en')} of ${all.toLocaleString('en')} ${unit})${note}`
    if (!stderr.isTTY) {
      stderr.write(`${count}\n`)
      return
    }
    const full = Math.floor((percent / 100) * width)
    stderr.write(`\r${'█'.repeat(full)}${'░'.repeat(width - full)} ${count}${isDone ? '\n' : '\x1b[K'}`)
  }
}
