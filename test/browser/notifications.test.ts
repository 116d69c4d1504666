import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startWholeBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

// As a text, since tests know no types of pages: notes the notifications and sounds of a page.
const observe = `
  window.notices = []
  window.sounds = 0
  // What a test evaluates counts as a gesture, too: here only clicks and keys do.
  let hasBeenActive = false
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, () => { hasBeenActive = true }, true)
  Object.defineProperty(navigator, 'userActivation', { value: { get hasBeenActive() { return hasBeenActive } } })
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options)
      this.text = title + '|' + options.body
      this.key = options.tag
      this.isOpen = true
      // The browser replaces a notification with the same tag.
      for (const one of notices) if (one.key === this.key) one.isOpen = false
      notices.push(this)
    }
    close() {
      this.isOpen = false
      super.close()
    }
  }
  window.AudioContext = class {
    currentTime = 0
    createGain() {
      return { connect() {}, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} } }
    }
    createOscillator() {
      return { connect() {}, frequency: {}, stop() {}, start() { sounds += 1 } }
    }
    close() {}
  }`
const tonesOfASound = 2

describe('an agent who is notified', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let first: Window
  let page: Page
  /** Another window of the same browser. */
  let other: Page
  before(async () => {
    browser = await startWholeBrowser()
    test = await startTestApp(environment)
    first = await openWindow(browser, test, '/', { permissions: ['notifications'] })
    page = first.page
    await page.context().addInitScript(observe)
    await page.reload()
    await signIn(page)
    other = await page.context().newPage()
    await other.goto(test.app.url)
    await other.getByRole('navigation', { name: 'Main' }).waitFor()
  })
  after(async () => {
    await first?.close()
    await browser?.close()
    await test?.close()
  })
  beforeEach(async () => {
    for (const one of [page, other]) await one.evaluate('notices = []; sounds = 0')
  })

  afterEach(async () => {
    for (const { id } of (await test.api('/conversations/unread')).body.payload) await read(id)
  })

  const write = (text: string, id: number, more: object = {}) =>
    sendMessage(test, text, { message_type: 'incoming', ...more }, id)
  const read = (id: number) => test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
  const change = (id: number, body: object) => test.api(`/conversations/${id}`, { method: 'PATCH', body })
  const icon = (one: Page) => one.locator('link[rel=icon]').getAttribute('href')
  const texts = async (one: Page) => (await one.evaluate('notices.map(({ text }) => text)')) as string[]
  const shown = async () => [...(await texts(page)), ...(await texts(other))]
  const openOnes = async () => {
    const count = 'notices.filter(({ isOpen }) => isOpen).length'
    return ((await page.evaluate(count)) as number) + ((await other.evaluate(count)) as number)
  }
  const sounds = async (one: Page) => ((await one.evaluate('sounds')) as number) / tonesOfASound
  const allSounds = async () => (await sounds(page)) + (await sounds(other))
  const title = (text: string) => eventually(async () => (await page.title()) === text, `the title ${text}`)
  /** Opens an address without loading the page again, as a link does. */
  const go = async (address: string, one = page) => {
    await one.evaluate(
      `history.pushState(null, '', ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent('popstate'))`,
    )
  }
  /** Sends a message that is notified about, as the last of what happens, and returns all notifications. */
  const allUntil = async (text: string) => {
    const id = await addTestConversation(test)
    await write(text, id)
    await eventually(
      async () => (await shown()).some((one) => one.endsWith(text)),
      `the notification ${text}`,
    )
    await read(id)
    return (await shown()).filter((one) => !one.endsWith(text))
  }

  it('sees in the title and on the icon how many conversations wait, until they are read somewhere', async () => {
    await title('(1) Ndoto')
    assert.match((await icon(page))!, /^data:image\/svg\+xml,.*%3E1%3C/)
    const id = await addTestConversation(test)
    await write('Hello', id)
    await title('(2) Ndoto')
    await write('Are you there?', id)
    await go('/conversations/1', other)
    await title('(1) Ndoto')
    await read(id)
    await title('Ndoto')
    assert.match((await icon(page))!, /\/assets\/icon-[^/]+\.svg$/)
    await write('Hello again', id)
    await title('(1) Ndoto')
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    await title('Ndoto')
    await write('One more thing', id)
    await title('(1) Ndoto')
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    await title('Ndoto')
    await go('/', other)
  })

  it('sees the number at once after loading the page, also on a page of the settings', async () => {
    await write('Hello', 1)
    await title('(1) Ndoto')
    await page.goto(`${test.app.url}/settings/notifications`)
    await title('(1) Notifications · Ndoto')
    await read(1)
    await title('Notifications · Ndoto')
    await page.goto(test.app.url)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
  })

  it('hears a sound after the first gesture only, and from one of two windows', async () => {
    await page.goto(test.app.url)
    await other.goto(test.app.url)
    for (const one of [page, other]) await one.locator('[data-row="1"]').waitFor()
    await allUntil('Before a gesture')
    assert.equal(await allSounds(), 0)
    await other.locator('.list').click({ position: { x: 5, y: 5 } })
    await allUntil('One window')
    await eventually(async () => (await sounds(other)) === 1)
    assert.equal(await sounds(page), 0)
    await page.locator('.list').click({ position: { x: 5, y: 5 } })
    await allUntil('Two windows')
    await eventually(async () => (await allSounds()) === 2)
    await allUntil('Two windows again')
    await eventually(async () => (await allSounds()) === 3)
  })

  it('gets one desktop notification for each conversation, and a click on it opens the conversation', async () => {
    const id = await addTestConversation(test)
    for (let count = 1; count <= 10; count++) await write(`Message ${count}`, id)
    await eventually(async () => (await shown()).includes('John Smith|Message 10'))
    const keys = (one: Page) => one.evaluate('notices.map(({ key }) => key)') as Promise<string[]>
    assert.equal(new Set([...(await keys(page)), ...(await keys(other))]).size, 1)
    const teller = (await texts(page)).includes('John Smith|Message 10') ? page : other
    await teller.evaluate('notices.at(-1).onclick()')
    await teller.locator('.message', { hasText: 'Message 10' }).waitFor()
    assert.equal(new URL(teller.url()).pathname, `/conversations/${id}`)
    await eventually(async () => (await openOnes()) === 0)
    await title('Ndoto')
    await go('/', teller)
  })

  it('no longer sees a notification when the conversation was read, by whomever', async () => {
    const [one, two] = [await addTestConversation(test), await addTestConversation(test)]
    await write('First', one)
    await write('Second', two)
    await eventually(async () => (await shown()).length === 2)
    assert.equal(await openOnes(), 2)
    await read(one)
    await eventually(async () => (await openOnes()) === 1)
    await go(`/conversations/${two}`, other)
    await eventually(async () => (await openOnes()) === 0)
    await title('Ndoto')
    await go('/', other)
  })

  it('is notified of messages in an open conversation only while the window is hidden', async () => {
    const id = await addTestConversation(test)
    await go(`/conversations/${id}`)
    await page.getByRole('textbox', { name: 'Reply' }).waitFor()
    await write('In view', id)
    await page.locator('.message', { hasText: 'In view' }).waitFor()
    assert.deepEqual(await allUntil('Elsewhere'), [])
    const setVisibility = (state: string) =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))`)
    await setVisibility('hidden')
    await write('Out of view', id)
    await eventually(async () => (await shown()).includes('John Smith|Out of view'))
    assert.equal(await openOnes(), 1)
    await setVisibility('visible')
    await eventually(async () => (await openOnes()) === 0)
    await title('Ndoto')
    await go('/')
  })

  it('is notified once of messages that came while both windows slept', async () => {
    const clients = await Promise.all([page, other].map((one) => one.context().newCDPSession(one)))
    const setState = (state: string) =>
      Promise.all(
        clients.map((client) => client.send('Page.setWebLifecycleState', { state: state as 'frozen' })),
      )
    const ids = await Promise.all(Array.from({ length: 2 }, () => addTestConversation(test)))
    await setState('frozen')
    for (const id of ids) await write(`While asleep ${id}`, id)
    await setState('active')
    await eventually(async () => (await shown()).length === 2)
    assert.deepEqual(
      await allUntil('After waking'),
      ids.map((id) => `John Smith|While asleep ${id}`),
    )
    for (const id of ids) await read(id)
  })

  it('gets one notification that sums up when many conversations have news at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => addTestConversation(test)))
    await Promise.all(ids.map((id) => write('All at once', id)))
    await title('(12) Ndoto')
    await eventually(async () =>
      (await shown()).some((one) => /^New messages in \d+ conversations\|$/.test(one)),
    )
    await Promise.all(ids.map(read))
    await eventually(async () => (await openOnes()) === 0)
    await title('Ndoto')
  })

  it('is not notified of their own messages, and of notes of colleagues only if they want that', async () => {
    const id = await addTestConversation(test)
    const colleague = await addUser(test, { role: 'administrator' })
    const note = (content: string, token = test.token) => {
      const body = { content, private: true, message_type: 'outgoing' }
      return test.api(`/conversations/${id}/messages`, { method: 'POST', body, token })
    }
    await note('My own note')
    await sendMessage(test, 'My own reply', {}, id)
    await note('Not chosen', colleague.token)
    assert.deepEqual(await allUntil('The end'), [])
    await go('/settings/notifications')
    const form = page.getByRole('form', { name: 'In this browser, while this page is open' })
    await form.getByRole('checkbox', { name: /private notes/ }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Saved').waitFor()
    for (const one of [page, other]) await one.evaluate('notices = []')
    await note('My own note again')
    assert.equal((await note('Chosen', colleague.token)).status, 201)
    assert.deepEqual(await allUntil('The end'), [`Private note from ${colleague.name}|Chosen`])
    await go(`/conversations/${id}`)
    await eventually(async () => (await openOnes()) === 0)
    await go('/')
  })

  it('is notified of the conversations that they chose', async () => {
    const colleague = await addUser(test, { role: 'administrator' })
    const { id: team } = (await test.api('/teams', { method: 'POST', body: { name: 'Night' } })).body
    await test.api(`/teams/${team}/team_members`, { method: 'POST', body: { user_ids: [1] } })
    const [mine, others, ofTeam] = await Promise.all([1, 2, 3].map(() => addTestConversation(test)))
    await change(mine!, { assignee_id: 1 })
    await change(others!, { assignee_id: colleague.userId })
    await change(ofTeam!, { assignee_id: colleague.userId, team_id: team })
    const writeAll = async () => {
      await write('Mine', mine!)
      await write('Of others', others!)
      await write('Of my team', ofTeam!)
    }
    await writeAll()
    assert.deepEqual(await allUntil('The end'), ['John Smith|Mine'])
    await title('(1) Ndoto')
    await go('/settings/notifications')
    const form = page.getByRole('form', { name: 'In this browser, while this page is open' })
    await form.getByRole('checkbox', { name: 'Of my teams' }).check()
    await form.getByRole('checkbox', { name: 'Assigned to me' }).uncheck()
    await form.getByRole('checkbox', { name: /Show the text/ }).uncheck()
    await form.getByRole('button', { name: 'Save' }).click()
    await title('(1) Notifications · Ndoto')
    for (const one of [page, other]) await one.evaluate('notices = []')
    await writeAll()
    await eventually(async () => (await shown()).includes('John Smith|New message'))
    assert.deepEqual(await shown(), ['John Smith|New message'])
    await form.getByRole('checkbox', { name: 'All others that I can see' }).check()
    await form.getByRole('checkbox', { name: 'Assigned to me' }).check()
    await form.getByRole('checkbox', { name: /Show the text/ }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await title('(3) Notifications · Ndoto')
    for (const id of [mine, others, ofTeam]) await read(id!)
    await go('/')
    await title('Ndoto')
  })

  it('can mute sound and notifications for an hour with a key, in all windows', async () => {
    await page.locator('.list').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('m')
    for (const one of [page, other]) await one.getByRole('button', { name: /^Muted/ }).waitFor()
    const id = await addTestConversation(test)
    await write('Quiet', id)
    await title('(1) Ndoto')
    await new Promise((resolve) => setTimeout(resolve, 2000))
    assert.deepEqual(await shown(), [])
    assert.equal(await allSounds(), 0)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).waitFor()
    await page.keyboard.type('unmute')
    await page.keyboard.press('Enter')
    await other.getByRole('button', { name: /^Notifications/ }).waitFor()
    assert.deepEqual(await allUntil('Loud'), [])
    await read(id)
  })

  it('is not notified while they are busy', async () => {
    const set = (availability: string) =>
      test.api('//api/v1/profile', { method: 'PATCH', body: { availability } })
    const known = (availability: string) =>
      Promise.all(
        [page, other].map((one) =>
          one.waitForResponse(
            async (response) =>
              response.url().endsWith('/agents') &&
              (await response.text()).includes(`"availability":"${availability}"`),
          ),
        ),
      )
    let loaded = known('busy')
    await set('busy')
    await loaded
    const id = await addTestConversation(test)
    await write('Quiet', id)
    await title('(1) Ndoto')
    await new Promise((resolve) => setTimeout(resolve, 2000))
    assert.deepEqual(await shown(), [])
    loaded = known('online')
    await set('online')
    await loaded
    assert.deepEqual(await allUntil('Loud'), [])
    await read(id)
  })

  it('finds all of this on a page of the settings, and can try it there', async () => {
    await page.goto(test.app.url)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).waitFor()
    await page.keyboard.type('notification set')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Notifications' }).waitFor()
    await page.getByText('This browser allows desktop notifications.').waitFor()
    await page.getByRole('button', { name: 'Send a test notification' }).click()
    assert.deepEqual(await texts(page), ['Test notification|This is how you are notified of new messages.'])
    await page.getByRole('button', { name: 'Play the sound' }).click()
    assert.equal(await sounds(page), 1)
    await assertLooksRight(page)
  })
})

describe('an agent whose browser has not been asked for permission', { skip: noBrowser }, () => {
  it('is asked on a click only, and learns what the browser says', async () => {
    const browser = await startWholeBrowser()
    const test = await startTestApp(environment)
    const { page, close } = await openWindow(browser, test)
    await page.context().addInitScript(`
      window.asked = 0
      window.Notification = class {
        static permission = 'default'
        static async requestPermission() {
          asked += 1
          this.permission = 'denied'
        }
      }`)
    await page.reload()
    await signIn(page)
    await page.getByRole('button', { name: /^Notifications/ }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Allow desktop notifications' }).waitFor()
    assert.equal(await page.evaluate('asked'), 0)
    await page.getByRole('button', { name: 'Allow desktop notifications' }).click()
    await page.getByText(/^Your browser blocks notifications/).waitFor()
    assert.equal(await page.evaluate('asked'), 1)
    assert.equal(await page.getByRole('button', { name: 'Send a test notification' }).count(), 0)
    await close()
    await browser.close()
    await test.close()
  })
})
