import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Connection } from '../src/db/connection.ts'
import { temporaryDirectory } from './directory.ts'

/*
 * Measures how fast SQLite copies a database, and changes every row of a table, for the estimates of `ndoto doctor`
 * (src/commands/doctor-upgrade.ts): `node bench/upgrade.ts`.
 */

using directory = temporaryDirectory()
const file = join(directory.path, 'measured.db')
const connection = new Connection(file)
connection.execute(`pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;
  create table things (account_id integer, id integer, name text, data text, primary key (account_id, id))
    strict, without rowid;
  create index things_name on things (account_id, name);
  with recursive numbers (id) as (select 1 union all select id + 1 from numbers where id < 400000)
    insert into things select 1, id, hex(randomblob(30)), hex(randomblob(100)) from numbers;
  pragma wal_checkpoint(truncate)`)
const { size } = statSync(file)
measure('copying a database', `vacuum into '${join(directory.path, 'copy.db')}'`)
measure(
  'changing every row',
  `begin immediate; update things set data = data || 'x'; commit; pragma wal_checkpoint(truncate)`,
)
connection.close()

function measure(work: string, script: string): void {
  const start = performance.now()
  connection.execute(script)
  const rate = size / 1024 ** 2 / ((performance.now() - start) / 1000)
  process.stdout.write(`${work}: ${rate.toFixed(0)} MiB a second\n`)
}
