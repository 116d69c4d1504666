import { setTimeout } from 'node:timers/promises'
import { temporaryDirectory } from './directory.ts'
import { type Report, runBenchmark } from './report.ts'
import { memory, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const times = 9
// Milliseconds, and MB.
const goals = { first: 600, later: 400, memory: 110 }
const idleTime = 5000

/** Measures the first start, on an empty directory, a later start, and the memory of an idle server. */
export async function measureStart(): Promise<Report> {
  const first: number[] = []
  const later: number[] = []
  for (let time = 0; time < times; time++) {
    using directory = temporaryDirectory()
    first.push(await startTime(directory.path))
    later.push(await startTime(directory.path))
  }
  const megabytes = await idleMemory()
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
    ],
  }
}

async function startTime(directory: string): Promise<number> {
  await using server = await startNdoto(directory)
  return server.startTime
}

async function idleMemory(): Promise<number> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path)
  await setTimeout(idleTime)
  return memory(server.pid, 'VmRSS')
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`
}

if (import.meta.main) await runBenchmark(measureStart)
