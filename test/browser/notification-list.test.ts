import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

describe('the list of notifications', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let page: Page
  let kim: { userId: number; token: string; name: string }
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    kim = await addUser(test, { inboxes: [1] })
    window = await openWindow(browser, test)
    page = window.page
    await signIn(page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })

  const note = (id: number, content: string) =>
    test.api(`/conversations/${id}/messages`, {
      method: 'POST',
      body: { content, message_type: 'outgoing', private: true },
      token: kim.token,
    })
  const assign = (id: number, assignee_id: number) =>
    test.api(`/conversations/${id}/assignments`, { method: 'POST', body: { assignee_id }, token: kim.token })
  const bell = () => page.getByRole('button', { name: /^Notifications/ })
  const unread = async () => (await test.api('/notifications/unread_count')).body.unread_count
  const dialog = () => page.getByRole('dialog', { name: 'Notifications' })

  it('opens with a key, moves with the arrows, and opens a conversation, which is read then', async () => {
    const [first, second] = [await addTestConversation(test), await addTestConversation(test)]
    await assign(first, 1)
    await sendMessage(test, 'Where is **my** order?', { message_type: 'incoming' }, first)
    await note(second, '[@Administrator](mention://user/1/Administrator) can you look?')
    await page.getByRole('button', { name: 'Notifications 3 unread' }).waitFor()
    await page.keyboard.press('u')
    const items = dialog().getByRole('listitem')
    await items.nth(2).waitFor()
    assert.match(
      await items.nth(0).innerText(),
      new RegExp(`John Smith #${second}[\\s\\S]*${kim.name} mentioned you`),
    )
    assert.match(await items.nth(1).innerText(), /1 new message[\s\S]*Where is my order\?/)
    await assertLooksRight(page)
    await items.nth(0).getByRole('link').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/conversations/${first}`)
    await page.getByRole('button', { name: 'Notifications 1 unread' }).waitFor()
    await bell().click()
    await dialog().getByRole('button', { name: 'Mark all as read' }).click()
    await eventually(async () => (await unread()) === 0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor()
  })

  it('shows that an import has ended, unless the page of imports is open', async () => {
    const start = async () => {
      const form = new FormData()
      form.append('attachments[]', new Blob(['name,email\nAda,ada@example.com\n']), 'people.csv')
      await test.api('/contact_imports', { method: 'POST', body: form })
    }
    await start()
    await page.getByRole('button', { name: 'Notifications 1 unread' }).waitFor()
    await bell().click()
    const item = dialog().getByRole('listitem').first()
    assert.match(
      await item.innerText(),
      /people\.csv[\s\S]*The import is done[\s\S]*1 new, 0 known already, 0 refused/,
    )
    await assertLooksRight(page)
    await item.getByRole('link').click()
    await page.waitForURL('**/contacts/import')
    await eventually(async () => (await unread()) === 0)
    await start()
    await eventually(async () => {
      const { payload } = (await test.api('/notifications')).body
      return payload.filter((one: { contact_import: object | null }) => one.contact_import).length === 2
    })
    await eventually(async () => (await unread()) === 0)
    await page.goto(test.app.url)
    await start()
    await page.getByRole('button', { name: 'Notifications 1 unread' }).waitFor()
    await page.getByRole('link', { name: 'Contacts' }).click()
    await page.getByRole('link', { name: 'Import' }).click()
    await eventually(async () => (await unread()) === 0)
  })

  it('does not grow with what is in the conversation that is open, or is being opened', async () => {
    const id = await addTestConversation(test)
    const readOnes = async () => {
      const { payload } = (await test.api('/notifications')).body as {
        payload: { primary_actor_id: number; read_at: number | null }[]
      }
      return payload.filter((one) => one.primary_actor_id === id && one.read_at !== null).length
    }
    await note(id, '[@Administrator](mention://user/1/Administrator) before')
    await eventually(async () => (await unread()) === 1)
    await page.goto(`${test.app.url}/conversations/${id}`)
    await eventually(async () => (await readOnes()) === 1)
    await note(id, '[@Administrator](mention://user/1/Administrator) after')
    await page.locator('.mention').nth(1).waitFor()
    await eventually(async () => (await readOnes()) === 2)
  })

  it('has a note mention somebody who is chosen by the keyboard', async () => {
    const id = await addTestConversation(test)
    await page.goto(`${test.app.url}/conversations/${id}`)
    await page.getByRole('textbox', { name: 'Reply' }).waitFor()
    await page.keyboard.press('n')
    const field = page.getByRole('textbox', { name: 'Private note' })
    await field.pressSequentially('Dear @perso')
    await page.getByRole('option', { name: `@${kim.name}` }).waitFor()
    await assertLooksRight(page)
    await page.keyboard.press('Enter')
    await field.pressSequentially('please look')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page
      .locator('.mention')
      .filter({ hasText: `@${kim.name}` })
      .waitFor()
    const { body } = await eventually(async () => {
      const answer = await test.api('/notifications', { token: kim.token })
      return answer.body.payload[0]?.primary_actor_id === id && answer
    })
    assert.equal(body.payload[0].notification_type, 'conversation_mention')
    assert.equal(body.payload[0].content, `Dear @${kim.name} please look`)
    // In a reply, it is only a sign.
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await page.getByRole('textbox', { name: 'Reply' }).pressSequentially('@perso')
    assert.equal(await page.locator('#mention-list').count(), 0)
  })

  it('follows what is chosen in the details of a conversation and in the settings', async () => {
    const id = await addTestConversation(test)
    await page.goto(`${test.app.url}/conversations/${id}`)
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Stop following' }).waitFor()
    await page.getByLabel('Participants', { exact: true }).selectOption({ label: kim.name })
    await page.getByRole('button', { name: `Remove ${kim.name} from the participants` }).waitFor()
    const { payload } = (await test.api(`/conversations/${id}/participants`)).body
    assert.deepEqual(
      payload.map((one: { id: number }) => one.id),
      [1, kim.userId],
    )
    await page.goto(`${test.app.url}/settings/notifications`)
    const form = page.getByRole('form', { name: 'On all your devices' })
    await form.getByLabel('A new conversation has no assignee: List').check()
    await form.getByLabel('Quiet hours').check()
    await assertLooksRight(page)
    await form.getByLabel('From').fill('25:00')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('must be a time such as 22:00').waitFor()
    await form.getByLabel('From').fill('21:30')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    const settings = (await test.api('/notification_settings')).body
    assert.equal(settings.kinds.conversation_creation.app, true)
    assert.equal(settings.quiet_hours.from, '21:30')
  })
})
