import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load } from './load.ts'

/** Prepares pgbench, PostgreSQL's load generator, for `url`: each of its 32 clients repeats the statement `script`. */
export function openPgbench(url: string, directory: string, name: string, script: string): Load {
  const file = join(directory, `${name}.sql`)
  writeFileSync(file, script)
  return {
    async run(seconds) {
      const args = [
        '-n',
        '-M',
        'prepared',
        '-c',
        '32',
        '-j',
        '1',
        '-T',
        String(Math.max(1, Math.round(seconds))),
      ]
      const child = spawn('pgbench', [...args, '-f', file, url], { stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
      await once(child, 'close')
      const perSecond = Number(/^tps = ([\d.]+)/m.exec(output)?.[1])
      if (!perSecond) throw new Error(`pgbench: ${output}`)
      const p50 = Number(/^latency average = ([\d.]+)/m.exec(output)?.[1])
      return { requests: perSecond * seconds, perSecond, p50, p99: Number.NaN, max: Number.NaN, bytes: 0 }
    },
    async [Symbol.asyncDispose]() {
      rmSync(file, { force: true })
    },
  }
}
