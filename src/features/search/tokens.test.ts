import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { createDatabase, skipWithoutPostgres } from '../../../test/databases.ts'
import { fc, seed } from '../../../test/random.ts'
import { postgres as firstStep } from './migrations/0022-search.postgres.ts'
import { postgres as fasterStep } from './migrations/0062-faster-search.postgres.ts'

/** The statement of a step that creates the function, with another name for it. */
function functionOf(step: string, name: string): string {
  const [statement] = /create (or replace )?function search_tokens.+?end \$\$;/s.exec(step)!
  return statement.replace('search_tokens', name)
}

describe('The words of a document in the index', { skip: skipWithoutPostgres }, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let client: pg.Client
  before(async () => {
    database = await createDatabase()
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(functionOf(firstStep, 'first_tokens') + functionOf(fasterStep, 'faster_tokens'))
  })
  after(() => client?.end().finally(() => database?.drop()))

  // Otherwise the documents that were indexed before the upgrade would not be found.
  it('are the same before and after they became faster', async () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', 'в', '漢', '1', '𝒳'),
      minLength: 1,
      maxLength: 9,
    })
    const document = fc.record({
      subject: fc.constantFrom('message', 'contact'),
      account_id: fc.integer({ min: 1, max: 2 ** 40 }),
      subject_id: fc.integer({ min: 1, max: 2 ** 52 }),
      words: fc.array(word, { maxLength: 12 }).map((all) => all.join(' ')),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 50 }), async (documents) => {
        const { rows } = await client.query(
          `select first_tokens(account_id, subject, subject_id, words)::text as first,
            faster_tokens(account_id, subject, subject_id, words)::text as faster
            from json_to_recordset($1) as r (account_id bigint, subject text, subject_id bigint, words text)`,
          [JSON.stringify(documents)],
        )
        for (const { first, faster } of rows) assert.equal(faster, first)
      }),
      { numRuns: 20, seed },
    )
  })
})
