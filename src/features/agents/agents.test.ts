import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf, type TestEvent } from '../../../test/events.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertOthersWrite } from '../../../test/meanwhile.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import { joinAccount } from '../users/service.ts'
import { memberships } from './store.ts'

const password = 'correct horse battery'
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

interface As {
  token?: string
  accountId?: number
}
const at = ({ accountId = 1 }: As, path: string) => `//api/v1/accounts/${accountId}/agents${path}`
const invite = (body: object, as: As = {}) =>
  test.api(at(as, ''), { method: 'POST', body, ...(as.token ? { token: as.token } : {}) })
const send = (method: string, path: string, body?: object, as: As = {}) =>
  test.api(at(as, path), { method, body, ...(as.token ? { token: as.token } : {}) })
const accept = (url: string, more: object = {}) =>
  test.api('//auth/invitation', {
    method: 'POST',
    body: { token: url.split('#')[1], password, ...more },
    token: null,
  })
const kim = { name: 'Kim', email: 'kim@example.com', role: 'agent' }

describe('agents', () => {
  it('are all users of the account, as a plain array', async () => {
    const { userId, name } = await addUser(test)
    await addAccount(test)
    const { token } = await addUser(test)
    const { status, body } = await test.api('/agents', { token })
    assert.equal(status, 200)
    assert.deepEqual(body[0], {
      id: 1,
      name: 'Administrator',
      email: 'admin@example.com',
      role: 'administrator',
      availability: 'online',
      confirmed: true,
      avatar_url: null,
    })
    assert.equal(body.find(({ id }: { id: number }) => id === userId).name, name)
    assert.equal(body.length, 3)
  })

  it('can be managed only by administrators with the scope admin', async () => {
    const { userId, token } = await addUser(test)
    const writer = await addUser(test, { role: 'administrator', scopes: ['write'] })
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    for (const [as, sentence] of [
      [token, /^only an administrator/],
      [writer.token, /^this token lacks the scope "admin"/],
      [other.token, /^this token does not belong to a member/],
    ] as const) {
      assertRefused(await invite(kim, { token: as }), 403, sentence)
      assertRefused(
        await send('PATCH', `/${userId}`, { role: 'administrator' }, { token: as }),
        403,
        sentence,
      )
      assertRefused(await send('DELETE', `/${userId}`, undefined, { token: as }), 403, sentence)
      assertRefused(await send('POST', `/${userId}/password_link`, undefined, { token: as }), 403, sentence)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('inviting an agent', () => {
  it('creates a user with a link to set a password, which works once', async () => {
    const { status, body } = await invite({ ...kim, email: 'KIM@example.com', availability: 'busy' })
    assert.equal(status, 201)
    const { id, invite_url, ...rest } = body
    assert.deepEqual(rest, {
      ...kim,
      availability: 'busy',
      confirmed: false,
      avatar_url: null,
    })
    assert.ok(invite_url.startsWith(`${test.config.publicUrl}/invitation#`))
    assert.equal(JSON.stringify(await readAllRows(test)).includes(invite_url.split('#')[1]), false)
    const signIn = () =>
      test.api('//auth/sign_in', { method: 'POST', body: { email: kim.email, password }, token: null })
    assert.equal((await signIn()).status, 401)
    const accepted = await accept(invite_url, { name: 'Kim Lee' })
    assert.deepEqual(accepted.body.accounts, [{ id: 1, name: 'My company', role: 'agent' }])
    assert.equal((await signIn()).status, 200)
    assertRefused(await accept(invite_url), 422, /^token is unknown, used/)
    const { body: agents } = await test.api('/agents')
    const agent = agents.find((one: { id: number }) => one.id === id)
    assert.deepEqual([agent.name, agent.confirmed], ['Kim Lee', true])
    assertRefused(await invite(kim), 422, new RegExp(`^email already belongs to agent ${id}$`))
  })

  it('adds them to inboxes and teams, where they are once they accept', async () => {
    const inboxes = [await addInbox(test), await addInbox(test)]
    const team = (await test.api('/teams', { method: 'POST', body: { name: 'Night shift' } })).body.id
    const email = 'placed@example.com'
    const more = { inbox_ids: [...inboxes, inboxes[0]!], team_ids: [team] }
    let answer: Awaited<ReturnType<typeof invite>> | undefined
    const events = await eventsOf(test, async () => {
      answer = await invite({ ...kim, email, ...more })
    })
    const { status, body } = answer!
    assert.equal(status, 201)
    const idsOf = (all: { id: number }[]) => all.map(({ id }) => id)
    assert.deepEqual(idsOf((await test.api(`/teams/${team}/team_members`)).body), [body.id])
    const { headers } = await accept(body.invite_url)
    const cookie = headers.get('set-cookie')!.split(';')[0]!
    const seen = await test.api('/inboxes', { token: null, headers: { cookie } })
    assert.deepEqual(idsOf(seen.body.payload), inboxes)
    const changes = events.filter(({ audience }) => audience === 'agents')
    assert.deepEqual(
      changes.map(({ name, data }) => [name, data.changed]),
      [
        ['agent_created', []],
        ['agent_updated', ['inboxes']],
        ['team_updated', ['members']],
      ],
    )
  })

  it('is refused as a whole for an inbox or a team that is not of the account', async () => {
    const other = await addAccount(test)
    const foreign = await addInbox(test, { accountId: other.accountId })
    const rows = await readAllRows(test)
    for (const [more, sentence] of [
      [{ inbox_ids: [1, foreign + 1000] }, /^inbox_ids names no inbox of this account: \d+$/],
      [{ team_ids: [999] }, /^team_ids names no team of this account: 999$/],
      [{ inbox_ids: 1 }, /^inbox_ids must be/],
    ] as const) {
      assertRefused(await invite({ ...kim, email: 'nobody@example.com', ...more }), 422, sentence)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('creates one member from many concurrent requests', async () => {
    const one = { ...kim, email: 'race@example.com' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => invite(one)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, ...Array(5).fill(422)])
  })

  it('is refused if a field is invalid', async () => {
    for (const [body, sentence] of [
      [{ ...kim, email: 'x' }, /^email must look like/],
      [{ ...kim, name: ' ' }, /^name must not be empty/],
      [{ ...kim, role: 'owner' }, /^role must be one of administrator, agent$/],
      [{ ...kim, availability: 'away' }, /^availability must be one of/],
      [{ name: 'x', role: 'agent' }, /^email is required/],
    ] as const) {
      assertRefused(await invite(body), 422, sentence)
    }
  })
})

describe('changing an agent', () => {
  it('changes name, role and availability, and the role applies from the next request on', async () => {
    const { userId, token } = await addUser(test)
    assert.equal((await test.api('/contacts/1/export', { token })).status, 403)
    const change = { name: 'Changed', role: 'administrator', availability: 'busy' }
    const { status, body } = await send('PATCH', `/${userId}`, change)
    assert.equal(status, 200)
    const { name, role, availability } = body
    assert.deepEqual({ name, role, availability }, change)
    assert.equal((await test.api('/contacts/1/export', { token })).status, 200)
    const { sql } = test.app.database.read
    const events = await sql.selectFrom('events').selectAll().where('name', '=', 'access_changed').execute()
    const changes = events.filter(({ data }) => data === JSON.stringify({ user_id: userId }))
    assert.deepEqual(
      [changes.length, changes[1]!.audience, changes[1]!.account_id],
      [2, 'server', 1],
      'once for joining, and once for the role',
    )
    await send('PATCH', `/${userId}`, { role: 'agent' })
    assert.equal((await test.api('/contacts/1/export', { token })).status, 403)
  })

  it('fails with 404 for users who are not members', async () => {
    const other = await addAccount(test)
    for (const id of [other.userId, 99_999]) {
      assertRefused(await send('PATCH', `/${id}`, { role: 'agent' }), 404, /^agent not found$/)
      assertRefused(await send('DELETE', `/${id}`), 404, /^agent not found$/)
      assertRefused(await send('POST', `/${id}/password_link`), 404, /^agent not found$/)
    }
  })
})

describe('the last administrator', () => {
  it('can neither be removed nor become an agent', async () => {
    const { accountId, userId, token } = await addAccount(test)
    const as = { accountId, token }
    await invite({ ...kim, email: 'unconfirmed@example.com', role: 'administrator' }, as)
    const refused = /^the account needs an administrator/
    assertRefused(await send('DELETE', `/${userId}`, undefined, as), 409, refused)
    assertRefused(await send('PATCH', `/${userId}`, { role: 'agent' }, as), 409, refused)
    assert.equal((await send('PATCH', `/${userId}`, { role: 'administrator' }, as)).status, 200)
    await addUser(test, { accountId, role: 'administrator' })
    assert.equal((await send('DELETE', `/${userId}`, undefined, as)).status, 204)
  })

  it('stays when two administrators remove each other at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const one = await addAccount(test)
      const { accountId } = one
      const two = await addUser(test, { accountId, role: 'administrator' })
      const answers = await Promise.all([
        send('DELETE', `/${two.userId}`, undefined, { accountId, token: one.token }),
        send('PATCH', `/${one.userId}`, { role: 'agent' }, { accountId, token: two.token }),
      ])
      const { sql } = test.app.database.read
      const left = await sql
        .selectFrom('account_users')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('role', '=', 'administrator')
        .execute()
      assert.equal(left.length, 1, JSON.stringify(answers.map(({ status }) => status)))
    }
  })
})

describe('removing an agent', () => {
  it('ends their access at once, keeps their messages and unassigns their conversations', async () => {
    const { userId, token, name } = await addUser(test, { inboxes: [1] })
    const number = await addTestConversation(test)
    await test.app.database.transaction(1, (tx) =>
      tx.sql.updateTable('conversations').set({ assignee_id: userId }).where('id', '=', number).execute(),
    )
    const path = `/conversations/${number}/messages`
    const body = { content: 'Written', message_type: 'outgoing' }
    assert.equal((await test.api(path, { method: 'POST', body, token })).status, 201)
    assert.equal((await send('DELETE', `/${userId}`)).status, 204)
    assertRefused(await test.api(path, { token }), 401, /unknown, expired or revoked/)
    const { payload } = (await test.api(path)).body
    assert.deepEqual([payload[0].content, payload[0].sender.name], ['Written', name])
    assert.equal((await test.api(`/conversations/${number}`)).body.meta.assignee, null)
    const { sql } = test.app.database.read
    const events = await sql.selectFrom('events').selectAll().where('conversation_id', '=', number).execute()
    const changed = events.find((event) => event.name === 'conversation_updated')
    assert.equal(JSON.parse(changed!.data).conversation.meta.assignee, null)
    assertRefused(await send('DELETE', `/${userId}`), 404, /^agent not found$/)
  })

  it('unassigns any number of conversations with an event each, and lets others write meanwhile', async () => {
    const ways: { role: 'agent' | 'administrator'; lose: (userId: number) => Promise<{ status: number }> }[] =
      [
        { role: 'agent', lose: (userId) => send('DELETE', `/${userId}`) },
        { role: 'administrator', lose: (userId) => send('PATCH', `/${userId}`, { role: 'agent' }) },
        {
          role: 'agent',
          lose: (userId) => test.api('/inbox_members/1', { method: 'DELETE', body: { user_ids: [userId] } }),
        },
      ]
    for (const { role, lose } of ways) {
      const { userId } = await addUser(test, role === 'agent' ? { inboxes: [1] } : { role })
      const numbers: number[] = []
      for (let i = 0; i < 230; i++) numbers.push(await addTestConversation(test))
      await test.app.database.transaction(1, (tx) =>
        tx.sql.updateTable('conversations').set({ assignee_id: userId }).where('id', 'in', numbers).execute(),
      )
      const events = await eventsOf(test, async () => {
        const { status } = await assertOthersWrite(test, lose(userId))
        assert.ok(status < 300, String(status))
      })
      const changed = events.filter(({ name }) => name === 'conversation_updated')
      assert.deepEqual(
        changed.map(({ data }) => [data.id, data.conversation.meta.assignee, data.changed]),
        numbers.map((id) => [id, null, ['meta.assignee']]),
      )
    }
  })

  it('unassigns nothing if it is refused', async () => {
    const alone = await addAccount(test)
    const inboxId = await addInbox(test, { accountId: alone.accountId })
    for (let i = 0; i < 60; i++) await addTestConversation(test, { accountId: alone.accountId, inboxId })
    const { database } = test.app
    await database.transaction(alone.accountId, (tx) =>
      tx.sql
        .updateTable('conversations')
        .set({ assignee_id: alone.userId })
        .where('account_id', '=', alone.accountId)
        .execute(),
    )
    const as = { accountId: alone.accountId, token: alone.token }
    assertRefused(await send('DELETE', `/${alone.userId}`, undefined, as), 409, /^the account needs/)
    const rows = await database.read.sql
      .selectFrom('conversations')
      .select('assignee_id')
      .where('account_id', '=', alone.accountId)
      .execute()
    assert.equal(rows.filter(({ assignee_id }) => assignee_id === alone.userId).length, 60)
  })

  it('appends events for them and their conversations, and so does the loss of a role', async () => {
    const { userId } = await addUser(test, { role: 'administrator' })
    const [mine, theirs] = [await addTestConversation(test), await addTestConversation(test)]
    const assign = (number: number) =>
      test.api(`/conversations/${number}/assignments`, { method: 'POST', body: { assignee_id: userId } })
    await assign(mine)
    const summaryOf = (events: TestEvent[]) =>
      events.map(({ name, data }) => [name, data.user_id ?? Number(data.id), data.changed])
    const demoted = await eventsOf(test, () => send('PATCH', `/${userId}`, { role: 'agent' }))
    assert.deepEqual(summaryOf(demoted), [
      ['agent_updated', userId, ['role']],
      ['conversation_updated', mine, ['meta.assignee']],
      ['access_changed', userId, undefined],
    ])
    await send('PATCH', `/${userId}`, { role: 'administrator' })
    await assign(theirs)
    const removed = await eventsOf(test, () => send('DELETE', `/${userId}`))
    assert.deepEqual(summaryOf(removed), [
      ['conversation_updated', theirs, ['meta.assignee']],
      ['agent_deleted', userId, []],
      ['access_changed', userId, undefined],
    ])
  })

  it('does not end their membership in other accounts', async () => {
    const other = await addAccount(test)
    await test.app.database.transaction(1, (tx) => joinAccount(tx, 1, other.userId, 'agent'))
    assert.equal((await send('DELETE', `/${other.userId}`)).status, 204)
    assert.equal((await send('GET', '', undefined, other)).status, 200)
  })

  it('ends their tokens, which a new invitation does not restore', async () => {
    const { userId, token } = await addUser(test)
    const { email } = (await test.api('//api/v1/profile', { token })).body
    assert.equal((await send('DELETE', `/${userId}`)).status, 204)
    const { invite_url } = (await invite({ ...kim, email, role: 'administrator' })).body
    const accepted = await accept(invite_url)
    assert.deepEqual([accepted.status, accepted.body.id], [200, userId])
    assertRefused(await test.api('/webhooks', { token }), 401, /unknown, expired or revoked/)
    const { sql } = test.app.database.read
    const rows = await sql.selectFrom('access_tokens').selectAll().where('user_id', '=', userId).execute()
    assert.deepEqual(rows, [])
  })

  it('ends an invitation that was passed on', async () => {
    const { id, invite_url } = (await invite({ ...kim, email: 'gone@example.com' })).body
    assert.equal((await send('DELETE', `/${id}`)).status, 204)
    assertRefused(await accept(invite_url), 422, /^token is unknown/)
  })

  it('covers every table that references a member', async () => {
    const tables = await test.app.database.read.sql.introspection.getTables()
    for (const { name, columns } of tables) {
      const has = (column: string) => columns.some((one) => one.name === column)
      if (!has('account_id') || !has('user_id') || name === 'account_users') continue
      assert.ok(memberships.includes(name as never), `${name}: add it to the list in agents/store.ts`)
    }
  })
})

describe('a link to set a password', () => {
  it('can be created by an administrator for an agent who has forgotten theirs', async () => {
    const { userId } = await addUser(test)
    const { status, body } = await send('POST', `/${userId}/password_link`)
    assert.equal(status, 200)
    const reset = { token: body.url.split('#')[1], password }
    assert.equal((await test.api('//auth/password/reset', { method: 'POST', body: reset })).status, 204)
  })

  it('is an invitation for an agent who has no password yet, and ends the first one', async () => {
    const { id, invite_url } = (await invite({ ...kim, email: 'slow@example.com' })).body
    const { url } = (await send('POST', `/${id}/password_link`)).body
    assertRefused(await accept(invite_url), 422, /^token is unknown/)
    assert.equal((await accept(url)).status, 200)
  })

  it('is refused for a member of another account, like a change of their name', async () => {
    const other = await addAccount(test)
    await test.app.database.transaction(1, (tx) => joinAccount(tx, 1, other.userId, 'agent'))
    const refused = /is also a member of another account/
    assertRefused(await send('POST', `/${other.userId}/password_link`), 403, refused)
    assertRefused(await send('PATCH', `/${other.userId}`, { name: 'Mine now' }), 403, refused)
    assert.equal((await send('PATCH', `/${other.userId}`, { role: 'administrator' })).status, 200)
  })

  it('is refused to an administrator for themselves, too, if they are a member of another account', async () => {
    const { userId, token, accountId } = await addAccount(test)
    await test.app.database.transaction(1, (tx) => joinAccount(tx, 1, userId, 'agent'))
    const link = await send('POST', `/${userId}/password_link`, undefined, { token, accountId })
    assertRefused(link, 403, /is also a member of another account/)
  })

  it('ends when its user joins another account', async () => {
    const { userId } = await addUser(test)
    const { url } = (await send('POST', `/${userId}/password_link`)).body
    const other = await addAccount(test)
    await test.app.database.transaction(null, (tx) => joinAccount(tx, other.accountId, userId, 'agent'))
    const reset = { token: url.split('#')[1], password }
    const answer = await test.api('//auth/password/reset', { method: 'POST', body: reset, token: null })
    assertRefused(answer, 422, /^token is unknown, used or expired/)
  })
})
