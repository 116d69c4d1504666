import type { Tables } from '../src/db/tables.ts'
import type { TestApp } from './app.ts'

/** An event as a test looks at it. */
export interface TestEvent extends Omit<Tables['events'], 'data'> {
  // biome-ignore lint/suspicious/noExplicitAny: events of every shape
  data: any
}

/** What has been logged in account 1 while `work` ran, in the order of the log. */
export async function eventsOf(test: TestApp, work: () => Promise<unknown>): Promise<TestEvent[]> {
  const before = (await logged(test)).length
  await work()
  return (await logged(test)).slice(before)
}

async function logged({ app }: TestApp): Promise<TestEvent[]> {
  const rows = await app.database.read.sql
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', 1)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) }))
}
