import { setTimeout as sleep } from 'node:timers/promises'
import type { Tables } from '../src/db/tables.ts'
import type { TestApp } from './app.ts'

/** An event as a test looks at it. */
export interface TestEvent extends Omit<Tables['events'], 'data'> {
  // biome-ignore lint/suspicious/noExplicitAny: events of every shape
  data: any
}

/** What has been logged in account 1 while `work` ran, in the order of the log. */
export async function eventsOf(test: TestApp, work: () => Promise<unknown>): Promise<TestEvent[]> {
  const before = (await numbered(test)).length
  await work()
  return (await numbered(test)).slice(before)
}

async function numbered({ app }: TestApp): Promise<TestEvent[]> {
  for (;;) {
    const rows = await app.database.read.sql
      .selectFrom('events')
      .selectAll()
      .where('account_id', '=', 1)
      .orderBy('position')
      .execute()
    // On PostgreSQL they are numbered a moment after their commit.
    if (rows.every(({ position }) => position !== null)) {
      return rows.map((row) => ({ ...row, data: JSON.parse(row.data) }))
    }
    await sleep(5)
  }
}
