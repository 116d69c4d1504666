import type { Tables } from '../src/db/tables.ts'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'

/** An event of the log, with parsed data. */
export interface TestEvent extends Omit<Tables['events'], 'data'> {
  // biome-ignore lint/suspicious/noExplicitAny: tests read events of every shape
  data: any
}

/** Returns the events that were logged in account 1 while `work` ran, in the order of the log. */
export async function eventsOf(test: TestApp, work: () => Promise<unknown>): Promise<TestEvent[]> {
  const before = (await readLog(test)).length
  await work()
  return (await readLog(test)).slice(before)
}

async function readLog({ app }: TestApp): Promise<TestEvent[]> {
  const rows = await app.database.read.sql
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', 1)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) }))
}

/** Waits until a follower of the log has processed all events. */
export async function followed({ app }: Pick<TestApp, 'app'>, name: string): Promise<void> {
  const { sql } = app.database.read
  await eventually(async () => {
    const newest = await sql.selectFrom('counters').selectAll().where('name', '=', 'events').execute()
    const cursors = await sql.selectFrom('followers').selectAll().where('name', '=', name).execute()
    const positions = new Map(cursors.map(({ account_id, position }) => [account_id, position]))
    return newest.every(({ account_id, value }) => (positions.get(account_id) ?? 0) >= value)
  })
}
