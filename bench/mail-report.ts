import { createDatabase, testDatabaseUrl } from '../test/databases.ts'
import { count, type Report } from './report.ts'

/** How fast a server handles mails. */
export interface MailRate {
  perMinute: number
  /** Processor time of the server per mail, in microseconds. */
  cost: number
}

/**
 * Measures on SQLite and, with TEST_DATABASE_URL, on PostgreSQL. `work` names what is measured, and `goal` is the number of
 * mails per minute.
 */
export async function mailReport(
  { title, work, goal }: { title: string; work: string; goal: number },
  measure: (environment: Record<string, string>) => Promise<MailRate>,
): Promise<Report> {
  const rates = [{ engine: 'SQLite', ...(await measure({})) }]
  if (testDatabaseUrl) {
    const { url, drop } = await createDatabase()
    rates.push({ engine: 'PostgreSQL', ...(await measure({ DATABASE_URL: url }).finally(drop)) })
  }
  return {
    title,
    table: [
      ['', 'mails/minute', 'processor/mail'],
      ...rates.map(({ engine, perMinute, cost }) => [engine, count(perMinute), `${Math.round(cost)} µs`]),
    ],
    claims: rates.map(({ engine, perMinute }) => ({
      work: `${work}, ${engine}`,
      measured: `${count(perMinute)} per minute`,
      goal: `at least ${count(goal)} per minute`,
      met: perMinute >= goal,
    })),
  }
}
