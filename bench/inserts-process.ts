import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Outcome } from './load.ts'
import { percentile } from './statistics.ts'

/*
 * The process of `openInserts`. It gets a number of seconds, during which it inserts copies of the last message, each
 * in its own durable transaction. The table has the columns, checks and primary key of the server's table, but no
 * further index, no trigger and no reference.
 */
const directory = process.argv[2]!
const server = new DatabaseSync(join(directory, 'ndoto.db'), { readOnly: true })
const { sql } = server.prepare("select sql from sqlite_schema where name = 'messages'").get() as {
  sql: string
}
const row = server.prepare('select * from messages order by id desc limit 1').get() as Record<string, number>
server.close()

const database = new DatabaseSync(join(directory, 'loop.db'), { enableForeignKeyConstraints: false })
database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536; ${sql}`)
const names = Object.keys(row)
const insert = database.prepare(
  `insert into messages (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
)
const values = Object.values(row)
const idAt = names.indexOf('id')

process.on('message', (seconds: number) => process.send!(run(seconds)))
process.on('disconnect', () => process.exit())

function run(seconds: number): Outcome {
  const times: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  let now = start
  while (now < end) {
    values[idAt]! += 1
    insert.run(...values)
    const after = performance.now()
    times.push(after - now)
    now = after
  }
  const sorted = Float64Array.from(times).sort()
  return {
    requests: times.length,
    perSecond: times.length / ((now - start) / 1000),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1)!,
    bytes: 0,
  }
}
