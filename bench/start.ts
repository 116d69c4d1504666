import { setTimeout } from 'node:timers/promises'
import { temporaryDirectory } from './directory.ts'
import { type Report, runBenchmark } from './report.ts'
import { memory, processorTime, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const times = 9
// Milliseconds, MB, and percent of a processor.
const goals = { first: 600, later: 400, memory: 110, idle: 2 }
const idleTime = 5000
// Some work in the background begins a minute after the start.
const restTime = { until: 70_000, measured: 10_000 }

/** Measures the first start, on an empty directory, a later start, and what an idle server needs. */
export async function measureStart(): Promise<Report> {
  const first: number[] = []
  const later: number[] = []
  for (let time = 0; time < times; time++) {
    using directory = temporaryDirectory()
    first.push(await startTime(directory.path))
    later.push(await startTime(directory.path))
  }
  const { megabytes, percent } = await rest()
  const row = (name: string, values: number[]) => [
    name,
    ...[median(values), Math.max(...values)].map(milliseconds),
  ]
  return {
    title: `Start: from the start of the process to the first 200 of /health, ${times} times`,
    table: [
      ['', 'median', 'worst'],
      row('on an empty directory', first),
      row('on data', later),
      [`memory ${idleTime / 1000} s after the start (VmRSS)`, `${Math.round(megabytes)} MB`, ''],
      [`processor of an idle server after ${restTime.until / 1000} s`, `${percent.toFixed(1)}%`, ''],
    ],
    claims: [
      {
        work: 'Start on an empty directory to the first response',
        measured: milliseconds(median(first)),
        goal: `under ${milliseconds(goals.first)}`,
        met: median(first) < goals.first,
      },
      {
        work: 'Start on data to the first response',
        measured: milliseconds(median(later)),
        goal: `under ${milliseconds(goals.later)}`,
        met: median(later) < goals.later,
      },
      {
        work: `Memory ${idleTime / 1000} s after the start, with the program of Node.js (VmRSS)`,
        measured: `${Math.round(megabytes)} MB`,
        goal: `under ${goals.memory} MB`,
        met: megabytes < goals.memory,
      },
      {
        work: `Processor time of an idle server, ${restTime.until / 1000} s after the start, of one processor`,
        measured: `${percent.toFixed(1)}%`,
        goal: `under ${goals.idle}%`,
        met: percent < goals.idle,
      },
    ],
  }
}

async function startTime(directory: string): Promise<number> {
  await using server = await startNdoto(directory)
  return server.startTime
}

async function rest(): Promise<{ megabytes: number; percent: number }> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path)
  await setTimeout(idleTime)
  const megabytes = memory(server.pid, 'VmRSS')
  await setTimeout(restTime.until - restTime.measured - idleTime)
  const before = processorTime(server.pid)
  await setTimeout(restTime.measured)
  const used = processorTime(server.pid) - before
  return { megabytes, percent: (used / restTime.measured) * 100_000 }
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`
}

if (import.meta.main) await runBenchmark(measureStart)
