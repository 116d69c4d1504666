import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { runCommand, writeDataFile } from '../../../test/commands.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

describe('Contacts from CSV', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => assertStoredCounts(test).finally(() => test.close()))

  let files = 0
  const load = async (csv: string | Uint8Array, ...options: string[]) => {
    const file = writeDataFile(test, `contacts-${++files}.csv`, csv)
    const { code, stdout, stderr } = await runCommand(test, ['import', ...options, file])
    return { code, stdout, stderr: stderr.replaceAll(`${file}`, 'contacts.csv') }
  }
  const find = async (q: string) =>
    (await test.api(`/contacts/search?q=${encodeURIComponent(q)}&include_contact_inboxes=true`)).body.payload

  it('are stored once, even if imported again, with all fields, and can be found', async () => {
    const csv = `\uFEFFsource_id,name,email,phone_number,identifier,blocked,created_at,custom_attributes.plan,custom_attributes\r
42,"Zoë ""Z"" Ünal",ZOE@Example.com,+14155550101,crm-1,true,1700000000.123,"gold, yearly","{""seats"":3}"\r
43,,max@example.com,,,,,,\r
`
    const first = await load(csv, '--inbox', '1')
    assert.deepEqual([first.code, first.stderr], [0, ''])
    assert.match(first.stdout, /^contacts: 2 stored, 0 there already, 0 left out\n/)
    const [zoe, ...others] = await find('zoe@')
    assert.deepEqual(others, [])
    const { id, last_activity_at, ...shown } = zoe
    assert.deepEqual(shown, {
      name: 'Zoë "Z" Ünal',
      email: 'zoe@example.com',
      phone_number: '+14155550101',
      identifier: 'crm-1',
      blocked: true,
      thumbnail: null,
      created_at: 1_700_000_000,
      custom_attributes: { seats: 3, plan: 'gold, yearly' },
      additional_attributes: {},
      labels: [],
      company_id: null,
      company: null,
      contact_inboxes: [{ source_id: '42', inbox: { id: 1, name: 'API' } }],
    })
    assert.equal((await find('max@'))[0].name, 'max@example.com')
    const before = await readAllRows(test)
    const second = await load(csv, '--inbox', '1')
    assert.match(second.stdout, /^contacts: 0 stored, 2 there already, 0 left out\n/)
    assert.deepEqual(await readAllRows(test), before)
    const next = (await test.api('/contacts', { method: 'POST', body: { name: 'Next' } })).body
    assert.equal(next.id, id + 2)
  })

  it('keep the secrets of an export of Ndoto 0.1, as hashes, unless they have been revoked since', async () => {
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const contactOpenedBy = async (secret: string) => {
      const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts/${secret}`
      return (await test.api(path, { token: null })).body.id as number | undefined
    }
    const secret = `src_${'old_A'.repeat(8)}xyz`
    const csv = (own: string, name: string) =>
      `name,contact_inboxes\n${name},"[{""inbox"":""API"",""source_id"":""${own}""}]"\n`
    const first = await load(csv(secret, 'Olaf'))
    assert.match(first.stdout, /^contacts: 1 stored, 0 there already, 0 left out\n/)
    const [olaf] = await find('olaf')
    assert.equal(await contactOpenedBy(secret), olaf.id)
    assert.deepEqual(olaf.contact_inboxes, [{ source_id: null, inbox: { id: 1, name: 'API' } }])
    const rows = await readAllRows(test)
    assert.ok(!JSON.stringify(rows).includes(secret))
    assert.match((await load(csv(secret, 'Olaf'))).stdout, /^contacts: 0 stored, 1 there already/)
    assert.deepEqual(await readAllRows(test), rows)
    const line = { type: 'conversation', source_id: 'old-1', contact: secret, created_at: 1_700_000_000 }
    const lines = writeDataFile(test, 'old.jsonl', `${JSON.stringify(line)}\n`)
    const { stdout } = await runCommand(test, ['import', '--inbox', '1', lines])
    assert.match(stdout, /^conversations: 1 stored/m)
    const rotate = `/contacts/${olaf.id}/contact_inboxes/rotate_source_id`
    const rotated = (await test.api(rotate, { method: 'POST', body: { inbox_id: 1 } })).body.source_id
    for (const own of [secret, rotated]) {
      assert.match((await load(csv(own, 'Not Olaf'))).stdout, /^contacts: 0 stored, 1 there already/)
    }
    assert.deepEqual([await contactOpenedBy(secret), await contactOpenedBy(rotated)], [undefined, olaf.id])
    const again = { ...line, source_id: 'old-2', contact: rotated }
    const more = writeDataFile(test, 'new.jsonl', `${JSON.stringify(again)}\n`)
    assert.match(
      (await runCommand(test, ['import', '--inbox', '1', more])).stdout,
      /^conversations: 1 stored/m,
    )
    const { payload } = (await test.api(`/contacts/${olaf.id}/conversations`)).body
    assert.equal(payload.length, 2)
  })

  it('are imported except those with a fault, which is reported with its line', async () => {
    const csv = `name,email,phone_number,blocked,custom_attributes
Ann,ann@example.com,,,
Bob,bob,12,,
"Cy
rus",cyrus@example.com,,yes,
No name,,,,
Dan,dan@example.com,,,[1]
Eve,eve@example.com
Fay,fay@example.com,+14155550199,,{}
`
    const { code, stdout, stderr } = await load(csv)
    assert.equal(code, 1)
    assert.match(stdout, /^contacts: 2 stored, 0 there already, 5 left out\n/)
    assert.deepEqual(stderr.trim().split('\n'), [
      'contacts.csv:3: email must look like name@example.com; phone_number must be a phone number like +14155552671 (E.164)',
      'contacts.csv:4: blocked must be valid JSON',
      'contacts.csv:6: source_id, email, phone_number or identifier is required: otherwise each import would create the contact again',
      'contacts.csv:7: custom_attributes must be an object',
      'contacts.csv:8: has 2 fields, but the first line has 5',
    ])
    assert.equal((await find('fay@')).length, 1)
    assert.deepEqual(await find('cyrus@'), [])
  })

  it('are the existing contacts with the same address, and are left out if two contacts match', async () => {
    await load('name,email,phone_number\nGus,gus@example.com,\nHal,,+14155550222\n')
    const other = await addInbox(test)
    const csv =
      'source_id,name,email,phone_number\ng1,Another name,GUS@example.com,\nh1,X,gus@example.com,+14155550222\n'
    const { stdout, stderr } = await load(csv, '--inbox', `${other}`)
    assert.match(stdout, /^contacts: 0 stored, 1 there already, 1 left out\n/)
    assert.equal(stderr, 'contacts.csv:3: phone_number belongs to another contact than email\n')
    const [gus] = await find('gus@')
    assert.deepEqual(
      [gus.name, gus.contact_inboxes.map((one: { source_id: string }) => one.source_id)],
      ['Gus', ['g1']],
    )
  })

  it('are not stored in a dry run, which finds the same faults', async () => {
    const before = await readAllRows(test)
    const csv = 'name,email\nIda,ida@example.com\nIda,IDA@example.com\nJoe,joe\n'
    const { code, stdout, stderr } = await load(csv, '--dry-run')
    assert.equal(code, 1)
    assert.match(stdout, /^contacts: 1 new, 1 there already, 1 left out\nNothing was changed/)
    assert.equal(stderr, 'contacts.csv:4: email must look like name@example.com\n')
    assert.deepEqual(await readAllRows(test), before)
  })

  it('are all refused if a column, the inbox or the account does not exist', async () => {
    const before = await readAllRows(test)
    const refused = async (csv: string, sentence: RegExp, ...options: string[]) => {
      const { code, stdout, stderr } = await load(csv, ...options)
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, / at .*:\d/)
    }
    await refused(
      'name;email\nA;b@c.de\n',
      /^contacts\.csv: The first line has unknown columns: name;email\./,
    )
    await refused('name,name\nA,B\n', /contains the column name twice/)
    await refused('name\nA\n', /^Account 1 has no inbox 99/, '--inbox', '99')
    await refused('name\nA\n', /^--account: account 99 does not exist/, '--account', '99')
    await refused('name\nA\n', /^--inbox must be a whole number/, '--inbox', 'x')
    assert.deepEqual(await readAllRows(test), before)
  })

  it('are counted for the plans of PostgreSQL while they are stored', {
    skip: skipWithoutPostgres,
  }, async () => {
    const { read } = test.app.database
    const timesCounted = async () => {
      const query = sql<{ count: number }>`select analyze_count as count from pg_stat_user_tables
        where relname = 'contacts'`
      return Number((await query.execute(read.sql)).rows[0]!.count)
    }
    const before = await timesCounted()
    const rows = Array.from({ length: 10_000 }, (_, index) => `many-${index},Ada\n`)
    const { stdout } = await load(`source_id,name\n${rows.join('')}`, '--inbox', '1')
    assert.match(stdout, /^contacts: 10,?000 stored/)
    // Once at the end, and once before: 10,000 contacts were stored in batches.
    await eventually(async () => (await timesCounted()) === before + 2)
  })
})
