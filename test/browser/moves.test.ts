import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { brokenRules } from './looks.ts'

describe('Agents who work together in the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  let amara: Awaited<ReturnType<typeof addUser>>
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    amara = await addUser(test, { inboxes: [1] })
    window = await openWindow(browser, test)
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const open = async (id: number) => {
    await window.page.goto(`${test.app.url}/conversations/${id}`)
    await window.page.locator('#composer').waitFor()
  }
  /** Two conversations of a contact. */
  const addPair = async () => {
    const first = await addTestConversation(test)
    const { contact, inbox_id } = (await test.api(`/conversations/${first}`)).body
    const body = { inbox_id, contact_id: contact.id }
    const second = (await test.api('/conversations', { method: 'POST', body })).body.id as number
    await sendMessage(test, `Where is my lamp ${first}?`, { message_type: 'incoming' }, first)
    await sendMessage(test, `A second question ${second}`, { message_type: 'incoming' }, second)
    return { first, second }
  }
  const contents = async (id: number) =>
    (await test.api(`/conversations/${id}/messages`)).body.payload.map(
      ({ content }: { content: string }) => content,
    )
  const bubble = (text: string) => window.page.locator('.message', { hasText: text })

  it('see who else looks at a conversation, until they leave it', async () => {
    const { page } = window
    const { first } = await addPair()
    await open(first)
    const look = (viewing_status: string) =>
      test.api(`/conversations/${first}/toggle_viewing_status`, {
        method: 'POST',
        body: { viewing_status },
        token: amara.token,
      })
    const [viewer] = (await look('on')).body.payload
    assert.equal(viewer.name, 'Administrator')
    await page.getByText(`Also here: ${amara.name}`).waitFor()
    await look('off')
    await page.getByText(`Also here: ${amara.name}`).waitFor({ state: 'detached' })
    await page.goto(`${test.app.url}/`)
    await eventually(async () => (await look('on')).body.payload.length === 0)
  })

  it('are asked once before they send a reply to which a colleague was faster', async () => {
    const { page } = window
    const { first } = await addPair()
    await open(first)
    await bubble(`Where is my lamp ${first}?`).waitFor()
    await page.locator('#composer').fill('It ships on Monday.')
    const body = { content: 'It ships today.', message_type: 'outgoing' }
    await test.api(`/conversations/${first}/messages`, { method: 'POST', body, token: amara.token })
    await bubble('It ships today.').waitFor()
    await page.getByRole('button', { name: 'Send reply' }).click()
    const alert = page.getByRole('alert').filter({ hasText: `${amara.name} has replied since` })
    await alert.waitFor()
    assert.deepEqual(await brokenRules(page), [])
    assert.equal((await contents(first)).length, 2)
    await page.getByRole('button', { name: 'Send reply' }).click()
    await bubble('It ships on Monday.').waitFor()
    await eventually(async () => (await contents(first)).includes('It ships on Monday.'))
    await alert.waitFor({ state: 'detached' })
  })

  it('merge a conversation after they have seen both, and undo it', async () => {
    const { page } = window
    const { first, second } = await addPair()
    await open(first)
    await page.getByRole('region', { name: 'Messages' }).focus()
    await page.keyboard.press('g')
    const dialog = page.getByRole('dialog', { name: 'Merge a conversation into this one' })
    await dialog.getByLabel('Find a conversation of this contact').fill('second')
    await dialog.getByRole('button', { name: /A second question/ }).click()
    await dialog.getByText(`Where is my lamp ${first}?`).first().waitFor()
    await dialog.getByText(`A second question ${second}`).nth(1).waitFor()
    assert.deepEqual(await brokenRules(page), [])
    await page.keyboard.press('Enter')
    await bubble(`A second question ${second}`).waitFor()
    assert.deepEqual(await contents(first), [`Where is my lamp ${first}?`, `A second question ${second}`])
    // The address of the merged one leads here.
    await page.goto(`${test.app.url}/conversations/${second}`)
    await page.waitForURL(`**/conversations/${first}`)
    await bubble(`A second question ${second}`).waitFor()
    await page.getByText(`#${second} was merged into this conversation by Administrator`).waitFor()
    await page
      .getByRole('button', { name: 'Merge a conversation into this one' })
      .waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo the merge' }).click()
    await bubble(`A second question ${second}`).waitFor({ state: 'detached' })
    assert.deepEqual(await contents(second), [`A second question ${second}`])
  })

  it('split a conversation at a message, land in the new one, and undo it', async () => {
    const { page } = window
    const { first } = await addPair()
    await sendMessage(test, 'Another thing', { message_type: 'incoming' }, first)
    await open(first)
    await bubble('Another thing').hover()
    assert.equal(await bubble('Where is my lamp').getByRole('button', { name: 'Split' }).count(), 0)
    await bubble('Another thing').getByRole('button', { name: 'Split the conversation here' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Split' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(`/${first}`))
    await bubble('Another thing').waitFor()
    await page.getByRole('link', { name: `Administrator split this from #${first}` }).waitFor()
    assert.deepEqual(await contents(first), [`Where is my lamp ${first}?`])
    await page.getByText(/^#\d+ was split from #\d+$/).waitFor()
    await page.getByRole('button', { name: 'Undo the split' }).click()
    await page.waitForURL(`**/conversations/${first}`)
    await bubble('Another thing').waitFor()
    assert.deepEqual(await contents(first), [`Where is my lamp ${first}?`, 'Another thing'])
    await page.getByRole('button', { name: 'Undo the merge' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Undo the split' }).count(), 0)
  })
})
