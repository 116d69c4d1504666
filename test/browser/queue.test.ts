import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { sendForm } from '../files.ts'
import { startTcpProxy } from '../tcp-proxy.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'

describe('a queue of conversations', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await test.api('/conversations/1', { method: 'DELETE' })
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  beforeEach(async () => {
    await window.page.goto(new URL('/', test.app.url).href)
    await window.page.locator('.tabs').waitFor()
  })
  const post = async (path: string, body: object) => {
    const response = await test.api(path, { method: 'POST', body })
    assert.ok(response.status < 300, JSON.stringify(response.body))
    return response.body
  }
  const conversation = async (id: number) => (await test.api(`/conversations/${id}`)).body
  /** Begins a conversation with a message of its contact. */
  const begin = async (content = 'Hello', inboxId = 1) => {
    const id = await addTestConversation(test, { inboxId })
    await sendMessage(test, content, { message_type: 'incoming' }, id)
    return id
  }
  const row = (id: number) => window.page.locator(`[data-row="${id}"]`)
  const open = async (id: number) => {
    await window.page.goto(new URL(`/conversations/${id}`, test.app.url).href)
    await window.page.locator('#composer').waitFor()
  }
  const isOpen = (id: number) => window.page.locator('.thread-number', { hasText: `#${id}` }).waitFor()
  const press = (key: string) => window.page.keyboard.press(key)
  const message = (text: string) => window.page.locator('.message', { hasText: text })

  describe('and its search', () => {
    const search = (text: string) => window.page.getByRole('searchbox', { name: 'Search' }).fill(text)
    const status = () => window.page.getByLabel('Status', { exact: true }).first()

    it('looks through every status, and leaves the list as it was afterwards', async () => {
      const id = await begin('The kettle is broken')
      await post(`/conversations/${id}/toggle_status`, { status: 'resolved' })
      await eventually(
        async () => (await test.api('/conversations?status=all&q=kettle')).body.data.meta.all_count === 1,
      )
      await search('kettle')
      await row(id).waitFor()
      assert.equal(await status().inputValue(), 'all')
      await search('')
      await row(id).waitFor({ state: 'detached' })
      assert.equal(await status().inputValue(), 'open')
    })

    it('says what it has searched, and searches everything with one click', async () => {
      const { page } = window
      const id = await begin('The teapot leaks')
      await eventually(
        async () => (await test.api('/conversations?status=all&q=teapot')).body.data.meta.all_count === 1,
      )
      await page.getByRole('link', { name: /^Mine/ }).click()
      await status().selectOption('resolved')
      await search('teapot')
      await page.getByText('No results for “teapot” with these filters: Mine, Status: Resolved.').waitFor()
      await page.getByRole('button', { name: 'Search all conversations' }).click()
      await row(id).waitFor()
      await search('a word that nobody wrote')
      await page.getByText('No results for “a word that nobody wrote” in all conversations.').waitFor()
    })

    it('finds a conversation by its number, and Enter opens it', async () => {
      const { page } = window
      const id = await begin()
      await post(`/conversations/${id}/toggle_status`, { status: 'resolved' })
      await search(`#${id}`)
      await row(id).waitFor()
      assert.equal(await page.locator('.row').count(), 1)
      await press('Enter')
      await isOpen(id)
    })
  })

  it('keeps its place when the open conversation leaves it', async () => {
    const ids = [await begin(), await begin(), await begin(), await begin(), await begin()].reverse()
    await row(ids[0]!).waitFor()
    await row(ids[1]!).click()
    await isOpen(ids[1]!)
    await window.page.getByRole('button', { name: 'Resolve' }).waitFor()
    await press('e')
    await row(ids[1]!).waitFor({ state: 'detached' })
    await press('j')
    await isOpen(ids[2]!)
    // Somebody else resolves it.
    await post(`/conversations/${ids[2]}/toggle_status`, { status: 'resolved' })
    await row(ids[2]!).waitFor({ state: 'detached' })
    await press('k')
    await isOpen(ids[0]!)
    await press('j')
    await isOpen(ids[3]!)
  })

  it('marks nothing as read that the selection only passes', async () => {
    const ids = [await begin(), await begin(), await begin()].reverse()
    await row(ids[0]!).waitFor()
    await row(ids[2]!).waitFor()
    for (const id of ids) {
      await press('j')
      await isOpen(id)
    }
    await eventually(async () => (await conversation(ids[2]!)).unread_count === 0)
    assert.deepEqual(
      [(await conversation(ids[0]!)).unread_count, (await conversation(ids[1]!)).unread_count],
      [1, 1],
    )
  })

  it('keeps its filter while somebody visits the settings', async () => {
    const { page } = window
    await page.goto(new URL('/?tab=unassigned&inbox=1&status=all', test.app.url).href)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('navigation', { name: 'Settings' }).waitFor()
    await page.getByRole('link', { name: 'Conversations' }).click()
    await page.locator('[data-tab=unassigned][aria-current]').waitFor()
    assert.equal(new URL(page.url()).search, '?tab=unassigned&status=all&inbox=1')
  })

  it('shows what a collapsed filter leaves, and ends that with a click', async () => {
    const { page } = window
    const { name } = (await test.api('/inboxes/1')).body
    await page.goto(new URL('/?inbox=1', test.app.url).href)
    await page.getByRole('button', { name: 'Filters', exact: true }).click()
    await page.locator('.hidden-filters').getByText(`Inbox: ${name}`).waitFor()
    await page.getByRole('button', { name: `Remove filter Inbox: ${name}` }).click()
    await page.locator('.hidden-filters').waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).search, '')
  })

  it('shows who has each conversation, and for how long its customer has waited', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const id = await begin()
    await post(`/conversations/${id}/assignments`, { assignee_id: agent.userId })
    await row(id).getByText(agent.name).waitFor()
    await test.app.database.transaction(null, async (tx) => {
      const update = tx.sql.updateTable('messages').set({ created_at: Date.now() - 150 * 60_000 })
      await update.where('account_id', '=', 1).where('conversation_id', '=', id).execute()
    })
    await window.page.reload()
    await row(id).getByText('Waiting 2 h').waitFor()
    await sendMessage(test, 'Here I am', {}, id)
    await row(id).getByText('Waiting').waitFor({ state: 'detached' })
  })

  describe('and a deleted message', () => {
    it('leaves a tombstone that says who deleted it', async () => {
      const { page } = window
      const id = await begin('You owe me money')
      const agent = await addUser(test, { inboxes: [1] })
      await open(id)
      await message('You owe me money').waitFor()
      const sent = await sendMessage(test, 'Never', {}, id)
      await message('Never').waitFor()
      const { payload } = (await test.api(`/conversations/${id}/messages`)).body
      const path = `/conversations/${id}/messages/${payload[0].id}`
      await test.api(path, { method: 'DELETE', token: agent.token })
      const tombstone = message(`This message was deleted by ${agent.name}, `)
      await tombstone.waitFor()
      assert.equal(await tombstone.getAttribute('data-kind'), 'incoming')
      assert.equal(await tombstone.getByText('John Smith').count(), 1)
      assert.equal(await tombstone.getByRole('button').count(), 0)
      assert.equal(await message('You owe me money').count(), 0)
      await test.api(`/conversations/${id}/messages/${sent.id}`, { method: 'DELETE' })
      await message('You deleted this message, ').waitFor()
      await page.reload()
      await tombstone.waitFor()
      await message('You deleted this message, ').waitFor()
    })
  })

  it('offers only those who can be chosen, and shows the truth after a refusal', async () => {
    const { page } = window
    const member = await addUser(test, { inboxes: [1] })
    const stranger = await addUser(test)
    const id = await begin()
    await open(id)
    const assignee = page.getByLabel('Assignee')
    await assignee.locator('option', { hasText: member.name }).waitFor({ state: 'attached' })
    assert.equal(await assignee.locator('option', { hasText: stranger.name }).count(), 0)
    await press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('assign to person')
    await page.getByRole('option', { name: `Assign to ${member.name}` }).waitFor()
    assert.equal(await page.getByRole('option', { name: `Assign to ${stranger.name}` }).count(), 0)
    await press('Escape')
    await page.route('**/assignments', (route) =>
      route.fulfill({ status: 422, json: { error: 'assignee_id is not available', code: 'invalid' } }),
    )
    await assignee.selectOption({ label: member.name })
    await page.getByRole('alert').filter({ hasText: 'assignee_id is not available' }).waitFor()
    await eventually(async () => (await assignee.inputValue()) === '')
    await page.unrouteAll({ behavior: 'wait' })
  })

  it('lets a conversation wait as pending, and opens it again', async () => {
    const { page } = window
    const id = await begin()
    await open(id)
    await press('p')
    await eventually(async () => (await conversation(id)).status === 'pending')
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await eventually(async () => (await conversation(id)).status === 'open')
    await page.locator('#status').selectOption('pending')
    await eventually(async () => (await conversation(id)).status === 'pending')
    await page.getByRole('button', { name: 'Open', exact: true }).waitFor()
    await press('o')
    await eventually(async () => (await conversation(id)).status === 'open')
  })

  describe('and a reply', () => {
    const reply = async (text: string) => {
      await window.page.locator('#composer').fill(text)
      await press('Enter')
      await window.page.locator('.message:not(.message-unsent)', { hasText: text }).waitFor()
    }

    it('takes a conversation that nobody has', async () => {
      const id = await begin()
      await open(id)
      await window.page.getByLabel('Assign to me when I reply').waitFor()
      await reply('I will look at it')
      assert.equal((await conversation(id)).meta.assignee.id, 1)
      await window.page.getByLabel('Assign to me when I reply').waitFor({ state: 'detached' })
    })

    it('takes nothing if its author does not want that, and the browser remembers it', async () => {
      const { page } = window
      const id = await begin()
      await open(id)
      await page.getByLabel('Assign to me when I reply').uncheck()
      await page.reload()
      await page.locator('#composer').waitFor()
      assert.equal(await page.getByLabel('Assign to me when I reply').isChecked(), false)
      await reply('Somebody will look at it')
      assert.equal((await conversation(id)).meta.assignee, null)
      await page.getByLabel('Assign to me when I reply').check()
    })

    it('says that it opens a resolved conversation, and does', async () => {
      const id = await begin()
      await post(`/conversations/${id}/toggle_status`, { status: 'resolved' })
      await open(id)
      await window.page.getByText('The conversation is resolved.').waitFor()
      await window.page.getByLabel('Open the conversation and assign it to me when I reply').waitFor()
      await reply('One more thing')
      const { status, meta } = await conversation(id)
      assert.deepEqual([status, meta.assignee.id], ['open', 1])
      const { payload } = (await test.api(`/conversations/${id}/messages`)).body
      assert.equal(payload.at(-1).content, 'One more thing')
    })

    it('leaves a resolved conversation resolved and in its place if its author wants that', async () => {
      const id = await begin()
      const agent = await addUser(test, { inboxes: [1] })
      await post(`/conversations/${id}/assignments`, { assignee_id: agent.userId })
      await post(`/conversations/${id}/toggle_status`, { status: 'resolved' })
      await open(id)
      await window.page.getByLabel('Open the conversation when I reply').uncheck()
      await window.page.getByText('The conversation stays resolved.').waitFor()
      await reply('You are welcome')
      const { status, meta } = await conversation(id)
      assert.deepEqual([status, meta.assignee.id], ['resolved', agent.userId])
      // The choice was for one reply.
      await eventually(() => window.page.getByLabel('Open the conversation when I reply').isChecked())
    })

    it('is sent again with its files if it could not be delivered', async () => {
      const id = await begin()
      await post(`/conversations/${id}/assignments`, { assignee_id: 1 })
      const fields = { content: 'The invoice', message_type: 'outgoing' }
      const files = [{ bytes: 'a list', name: 'orders.txt' }]
      const sent = (await sendForm(test, fields, files, { conversationId: id })).body
      const failed = { status: 'failed', external_error: 'mailbox full' }
      await test.api(`/conversations/${id}/messages/${sent.id}`, { method: 'PATCH', body: failed })
      await open(id)
      await message('The invoice').getByRole('button', { name: 'Send again' }).click()
      const again = await eventually(async () => {
        const { payload } = (await test.api(`/conversations/${id}/messages`)).body
        return payload.at(-1).id > sent.id && payload.at(-1)
      })
      assert.deepEqual(
        [again.content, again.status, again.attachments[0].file_name, again.message_type],
        ['The invoice', 'sent', 'orders.txt', 'outgoing'],
      )
    })
  })

  it('tells the time until which a conversation is snoozed in the time zone of the reader', async () => {
    const id = await begin()
    await post(`/conversations/${id}/toggle_status`, { status: 'snoozed', snoozed_until: 4_102_444_800 })
    const other = await openWindow(browser, test, `/conversations/${id}`, { timezoneId: 'Asia/Tokyo' })
    await signIn(other.page)
    const line = other.page.locator('.activity', { hasText: 'snoozed the conversation' })
    assert.match((await line.textContent())!, /until Jan 1, 2100, 0?9:00/)
    await other.close()
  })
})

describe('a server that does not respond', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
  })
  after(async () => {
    await browser?.close()
    await test?.close()
  })

  it('is noticed within 15 seconds', async () => {
    const relay = await startTcpProxy({ after() {} }, test.app.url)
    const { page, close } = await openWindow(browser, test, '/conversations/1', {}, relay.url)
    await signIn(page)
    await page.locator('#composer').waitFor()
    // The stream is open, and quiet for longer than the dashboard would wait without heartbeats.
    await sleep(14_000)
    assert.equal(await page.getByText('You are offline.').count(), 0)
    relay.hang()
    const start = performance.now()
    await page.getByText('You are offline.').waitFor()
    assert.ok(performance.now() - start < 15_000, `noticed after ${performance.now() - start} ms`)
    relay.resume()
    await close()
    await relay.close()
  })

  it('is called so when it is needed, and unknown is not shown as none', async () => {
    const { page, close } = await openWindow(browser, test)
    await signIn(page)
    await page.locator('[data-row="1"]').waitFor()
    await page.route('**/contacts/1/conversations', (route) => route.abort())
    await page.locator('[data-row="1"]').click()
    const earlier = page.getByRole('region', { name: 'Previous conversations' })
    await earlier.getByText('Cannot reach the server.').waitFor()
    assert.equal(await earlier.getByText('None').count(), 0)
    await page.route('**/toggle_status', (route) => route.abort())
    await page.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('alert').filter({ hasText: 'That did not work: Cannot reach the server.' }).waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await close()
  })
})
