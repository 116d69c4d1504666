import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addUser } from '../../../test/factories.ts'
import { assertOthersWrite } from '../../../test/meanwhile.ts'
import { Checks } from './checks.ts'
import { keptTime } from './schema.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
  await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
})
after(() => test.close())

const post = (
  content: string | Buffer,
  options: { dryRun?: boolean; token?: string; files?: number } = {},
) => {
  const form = new FormData()
  if (options.dryRun) form.append('dry_run', 'true')
  for (let count = 0; count < (options.files ?? 1); count++)
    form.append('attachments[]', new Blob([content as string]), 'contacts.csv')
  return test.api('/contact_imports', { method: 'POST', body: form, token: options.token ?? test.token })
}
const get = async (id: number) => (await test.api(`/contact_imports/${id}`)).body
const ended = async (id: number) => {
  await eventually(async () => (await get(id)).status !== 'running')
  return get(id)
}
const run = async (content: string | Buffer, options?: Parameters<typeof post>[1]) => {
  const { status, body } = await post(content, options)
  assert.equal(status, 201, JSON.stringify(body))
  assert.equal(body.status, 'running')
  return ended(body.id)
}
const find = async (email: string) => {
  const payload = [{ attribute_key: 'email', filter_operator: 'equal_to', values: [email] }]
  return (await test.api('/contacts/filter', { method: 'POST', body: { payload } })).body.payload
}
const numbers = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name} ${at},${name}${at}@example.com\r\n`).join('')

describe('An import of contacts', () => {
  it('stores the contacts of a file in the background, and counts those that exist and those with faults', async () => {
    const file = `name,email,labels,custom_attributes.plan\r\nAda,ada@example.com,"[""vip""]",gold\r\n\r\nBob,nothing,,\r\n"Two\nlines",two@example.com,,\r\nAda,ada@example.com,,\r\nshort\r\n`
    const done = await run(file)
    assert.deepEqual(
      [done.status, done.stored_count, done.known_count, done.refused_count, done.file_name],
      ['done', 2, 1, 2, 'contacts.csv'],
    )
    assert.deepEqual([done.read_bytes, done.total_bytes], [file.length, file.length])
    assert.deepEqual(done.refused, [
      { line: 4, error: 'email must look like name@example.com' },
      { line: 8, error: 'has 1 fields, but the first line has 4' },
    ])
    const [ada] = await find('ada@example.com')
    assert.deepEqual([ada.name, ada.labels, ada.custom_attributes], ['Ada', ['vip'], { plan: 'gold' }])
    assert.equal((await find('two@example.com'))[0].name, 'Two\nlines')
    const refused = await test.api(`/contact_imports/${done.id}/refused`)
    assert.equal(
      refused.body,
      'name,email,labels,custom_attributes.plan,error\r\nBob,nothing,,,email must look like name@example.com\r\nshort,,,,"has 1 fields, but the first line has 4"\r\n',
    )
  })

  it('stores nothing if it only checks them', async () => {
    const done = await run('name,email\nEve,eve@example.com\nAda,ada@example.com\n', { dryRun: true })
    assert.deepEqual([done.dry_run, done.stored_count, done.known_count], [true, 1, 1])
    assert.deepEqual(await find('eve@example.com'), [])
  })

  it('knows in a check what a file has twice, however far apart', async () => {
    const file = [
      'name,email,phone_number\nFirst,first@example.com,\nSecond,,+4930111222\n',
      Array.from({ length: 700 }, (_, at) => `Far,far${at}@example.com,\n`).join(''),
      'Again,FIRST@example.com,\nBoth,first@example.com,+4930111222\n',
      Array.from({ length: 100 }, (_, at) => `Far,far${at}@example.com,\n`).join(''),
    ].join('')
    const counts = ({ stored_count, known_count, refused }: Awaited<ReturnType<typeof run>>) => ({
      ...{ stored_count, known_count, refused },
    })
    const checked = counts(await run(file, { dryRun: true }))
    const sentence = 'phone_number belongs to another contact than email'
    const refused = [{ line: 705, error: sentence }]
    assert.deepEqual(checked, { stored_count: 702, known_count: 101, refused })
    assert.deepEqual(counts(await run(file)), checked)
  })

  it('lets others write while it is running', async () => {
    const done = await assertOthersWrite(test, run(`name,email\n${numbers('many', 1000)}`))
    assert.deepEqual([done.stored_count, done.refused_count], [1000, 0])
  })

  it('can be stopped, and another import of the file adds the rest', async () => {
    const file = `name,email\n${numbers('stop', 2000)}`
    const { id } = (await post(file)).body
    await eventually(async () => (await get(id)).stored_count > 0)
    const stopped = (await test.api(`/contact_imports/${id}/stop`, { method: 'POST' })).body
    assert.equal(stopped.status, 'stopped')
    assert.ok(stopped.stored_count < 2000)
    await sendMessage(test, 'Later')
    assert.equal((await get(id)).stored_count, stopped.stored_count)
    assert.equal((await test.api(`/contact_imports/${id}/stop`, { method: 'POST' })).body.status, 'stopped')
    const done = await run(file)
    assert.deepEqual(
      [done.known_count, done.stored_count],
      [stopped.stored_count, 2000 - stopped.stored_count],
    )
  })

  it('goes on after lines that a program has made to break it', async () => {
    const hostile = Buffer.concat([
      Buffer.from('name,email,custom_attributes\n'),
      Buffer.from([0xff, 0x2c, 0x61, 0x40, 0x2c, 0x0a]),
      Buffer.from('"\u0000",zero@example.com,\n'),
      Buffer.from(`,proto@example.com,"{""__proto__"":{""a"":1}}"\n`),
      Buffer.from(`${'x'.repeat(300_000)},long@example.com,\n`),
      Buffer.from('=HYPERLINK("x"),formula@example.com,\n'),
      Buffer.from('Last,last@example.com,\n'),
      Buffer.from('"never closed,open@example.com,\nLost,lost@example.com,\n'),
    ])
    const done = await run(hostile)
    assert.equal(done.status, 'done')
    const lines = done.refused.map(({ line }: { line: number }) => line)
    for (const line of [2, 3, 5, 8]) assert.ok(lines.includes(line), JSON.stringify(done.refused))
    assert.equal((await find('last@example.com')).length, 1)
    assert.deepEqual(await find('lost@example.com'), [])
    assert.equal(done.read_bytes, hostile.length)
  })

  it('forgets what it has checked when it ends, also while many others run', async (t) => {
    // It does nothing while there are 20 imports.
    t.mock.method(Checks.prototype, 'keepOnly', () => {})
    const passes = t.mock.method(Checks.prototype, 'thatFit').mock
    await run(`name,email\n${numbers('forgotten', 60)}`, { dryRun: true })
    const checks = passes.calls.at(-1)!.this as Checks
    await eventually(() => checks.names === 0)
  })

  it('is refused if it is not one file with columns of contacts', async () => {
    assertRefused(await post('', { files: 0 }), 422, /^attachments\[\] must be one CSV file/)
    assertRefused(await post('name\n', { files: 2 }), 422, /^attachments\[\]/)
    assertRefused(await post(''), 422, /^attachments\[\]/)
    assertRefused(await post('name,shoes\nAda,38\n'), 422, /unknown columns: shoes/)
    assertRefused(await post('name,name\nAda,38\n'), 422, /the column name twice/)
    assertRefused(await post(`"${'x'.repeat(100_000)}`), 422, /^attachments\[\]/)
    const wide = Array.from({ length: 20_000 }, (_, at) => `custom_attributes.a${at}`).join(',')
    assertRefused(await post(`${wide}\n`), 422, /^attachments\[\]/)
    const json = { method: 'POST', body: { contacts: [] } } as const
    assertRefused(await test.api('/contact_imports', json), 422, /^attachments\[\]/)
  })

  it('notifies its author once when it has ended, unless they have stopped it', async () => {
    const author = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const own = async () => (await test.api('/notifications', { token: author.token })).body
    const stop = (id: number, token: string) =>
      test.api(`/contact_imports/${id}/stop`, { method: 'POST', token })
    const { id } = await run('name,email\nNew,new@example.com\nBob,nothing\n', { token: author.token })
    const { payload, meta } = await own()
    assert.equal(meta.unread_count, 1)
    const { notification_type, primary_actor_type, primary_actor_id, primary_actor, contact_import } =
      payload[0]
    assert.deepEqual(
      [notification_type, primary_actor_type, primary_actor_id, primary_actor],
      ['import_finished', 'ContactImport', id, null],
    )
    assert.deepEqual(contact_import, {
      ...{ id, file_name: 'contacts.csv', dry_run: false, status: 'done' },
      ...{ stored_count: 1, known_count: 0, refused_count: 1 },
    })
    const file = `name,email\n${numbers('notify', 2000)}`
    await stop((await post(file, { token: author.token })).body.id, author.token)
    assert.equal((await own()).payload.length, 1)
    const stopped = (await post(file, { token: author.token, dryRun: true })).body.id
    await stop(stopped, test.token)
    const [latest] = (await own()).payload
    assert.deepEqual([latest.primary_actor_id, latest.contact_import.status], [stopped, 'stopped'])

    const read = (primary_actor_id?: number, primary_actor_type = 'ContactImport') =>
      test.api('/notifications/read_all', {
        method: 'POST',
        token: author.token,
        body: { primary_actor_type, primary_actor_id },
      })
    assert.equal((await read(undefined, 'Conversation')).body.unread_count, 2)
    assert.equal((await read(id)).body.unread_count, 1)
    assert.equal((await read()).body.unread_count, 0)
  })

  it('notifies nobody who has switched it off or is no longer an administrator', async () => {
    const author = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const kinds = { import_finished: { app: false, email: false } }
    await test.api('/notification_settings', { method: 'PATCH', token: author.token, body: { kinds } })
    await run('name,email\nSilent,silent@example.com\n', { token: author.token })
    const own = async () => (await test.api('/notifications', { token: author.token })).body.payload
    assert.deepEqual(await own(), [])
    await test.api('/notification_settings', {
      ...{ method: 'PATCH', token: author.token },
      body: { kinds: { import_finished: { app: true } } },
    })
    await run('name,email\nSilent,silent2@example.com\n', { token: author.token })
    assert.equal((await own()).length, 1)
    await test.api(`/agents/${author.userId}`, { method: 'PATCH', body: { role: 'agent' } })
    assert.deepEqual(await own(), [])
  })

  it('is for administrators of its account', async () => {
    const { token } = await addUser(test, { inboxes: [1] })
    assertRefused(await post('name,email\n', { token }), 403, /administrator/)
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/contact_imports`
    assert.deepEqual((await test.api(path, { token: other.token })).body, { payload: [] })
    assertRefused(await test.api(`${path}/1`, { token: other.token }), 404, /^contact import not found/)
    assertRefused(
      await test.api(`${path}/1/refused`, { token: other.token }),
      404,
      /^contact import not found/,
    )
  })

  it('stops if its author is no longer an administrator', async () => {
    const { token, userId } = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const { id } = (await post(`name,email\n${numbers('role', 2000)}`, { token })).body
    await test.api(`/agents/${userId}`, { method: 'PATCH', body: { role: 'agent' } })
    const { status, stored_count } = await ended(id)
    assert.equal(status, 'stopped')
    assert.ok(stored_count < 2000)
  })

  it('is deleted with its file some days after its end', async () => {
    const { id } = await run('name,email\nOld,nothing\n')
    const { database } = test.app
    const key = JSON.parse(
      (await database.read.sql.selectFrom('contact_imports').selectAll().where('id', '=', id).execute())[0]!
        .attachments,
    )[0].key
    const files = () =>
      database.read.sql.selectFrom('files').select('due_at').where('key', '=', key).execute()
    assert.deepEqual(await files(), [{ due_at: null }])
    await database.transaction(1, async (tx) => {
      const old = { finished_at: Date.now() - keptTime - 1 }
      await tx.sql.updateTable('contact_imports').set(old).where('id', '=', id).execute()
    })
    await eventually(async () => (await test.api(`/contact_imports/${id}`)).status === 404)
    assert.notDeepEqual(await files(), [{ due_at: null }])
    assert.equal(
      (await test.api('/contact_imports')).body.payload.some((one: { id: number }) => one.id === id),
      false,
    )
  })
})
