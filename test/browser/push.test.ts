import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, CDPSession, Page, Worker } from 'playwright-core'
import { sendMessage, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser } from '../factories.ts'
import { type PushService, type Browser as Subscriber, startPushService } from '../push-service.ts'
import { startWebhookApp } from '../webhooks.ts'
import { environment, noBrowser, openWindow, signIn, startWholeBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

// As a text, since tests know no types of pages. A browser of tests has no push service of its own.
const withPushService = ({ endpoint, p256dh, auth }: Subscriber, serverKey: string) => `
  const text = atob('${serverKey}'.replaceAll('-', '+').replaceAll('_', '/'))
  const subscription = {
    endpoint: '${endpoint}',
    options: { applicationServerKey: Uint8Array.from(text, (one) => one.charCodeAt(0)).buffer },
    toJSON: () => ({ endpoint: '${endpoint}', keys: { p256dh: '${p256dh}', auth: '${auth}' } }),
    async unsubscribe() {
      localStorage.removeItem('subscribed')
    },
  }
  if (typeof PushManager !== 'undefined') {
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      if (applicationServerKey !== '${serverKey}') throw new Error('another key')
      localStorage.setItem('subscribed', 'yes')
      return subscription
    }
    PushManager.prototype.getSubscription = async () => localStorage.getItem('subscribed') && subscription
  }`

describe('push messages', { skip: noBrowser }, () => {
  let test: TestApp
  let service: PushService
  let subscriber: Subscriber
  let browser: Browser
  let window: Window
  let page: Page
  let worker: Worker
  let devtools: CDPSession
  let registrationId: string
  const stops: (() => unknown)[] = []
  before(async () => {
    browser = await startWholeBrowser()
    service = await startPushService({ after: (stop) => stops.push(stop) })
    test = await startWebhookApp({}, environment)
    const { server_key } = (await test.api('//api/v1/notification_subscriptions')).body.meta
    subscriber = service.subscribe(server_key)
    window = await openWindow(browser, test, '/', { permissions: ['notifications'] })
    page = window.page
    await page.context().addInitScript(withPushService(subscriber, server_key))
    await page.reload()
    await signIn(page)
    await page.evaluate('navigator.serviceWorker.ready')
    worker = await eventually(() => page.context().serviceWorkers()[0])
    devtools = await page.context().newCDPSession(page)
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registrationId = registrations[0]?.registrationId ?? registrationId
    })
    await devtools.send('ServiceWorker.enable')
    await eventually(() => registrationId)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
    for (const stop of stops) stop()
  })
  let delivered = 0
  /** Waits for one more message at the push service, and passes it on to the browser. */
  const deliver = async () => {
    delivered += 1
    await eventually(() => subscriber.messages.length >= delivered)
    assert.equal(subscriber.messages.length, delivered)
    assert.deepEqual(service.complaints, [])
    const data = JSON.stringify(subscriber.messages.at(-1))
    await devtools.send('ServiceWorker.deliverPushMessage', { origin: test.app.url, registrationId, data })
  }
  const shown = (): Promise<string[]> =>
    worker.evaluate(`registration.getNotifications()
      .then((all) => all.map(({ title, body }) => title + '|' + body))`)
  const showsOnly = (text: string) =>
    eventually(async () => {
      const all = await shown()
      return all.length === 1 && all[0] === text
    }, text)
  const showsNothing = () => eventually(async () => (await shown()).length === 0)

  it('are turned on for a browser, and tested, in the settings', async () => {
    await page.goto(`${test.app.url}/settings/notifications`)
    await page.getByText('This browser shows no push messages.').waitFor()
    await page.getByRole('button', { name: 'Turn on push messages' }).click()
    await page.getByText('This browser shows push messages.').waitFor()
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Send a test message' }).click()
    await page.getByText('The test message is on its way.').waitFor()
    await deliver()
    await showsOnly('Test notification|This is how you are notified while the dashboard is closed.')
    await worker.evaluate('registration.getNotifications().then(([one]) => one.close())')
  })

  it('tell of a new conversation while the user sees the dashboard, unless that announces its message', async () => {
    const settings = (conversation_creation: object) =>
      test.api('/notification_settings', { method: 'PATCH', body: { kinds: { conversation_creation } } })
    await settings({ app: false, push: true })
    await page.goto(test.app.url)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    const { token } = await addUser(test, { inboxes: [1] })
    const { contact, inbox_id } = (await test.api(`/conversations/${await addTestConversation(test)}`)).body
    const body = { inbox_id, contact_id: contact.id }
    const begin = async () =>
      (await test.api('/conversations', { method: 'POST', body, token })).body.id as number
    const id = await begin()
    await deliver()
    await showsOnly(`New conversation|Conversation #${id}`)
    await worker.evaluate('registration.getNotifications().then(([one]) => one.close())')
    await sendMessage(test, 'Is anybody there?', { message_type: 'incoming' }, await begin())
    await deliver()
    await sleep(2000)
    assert.deepEqual(await shown(), [])
    await settings({ push: false })
  })

  it('are in the language that the user has chosen', async () => {
    await page.goto('about:blank')
    const choose = (locale: string | null) =>
      test.api('//api/v1/profile', { method: 'PATCH', body: { ui_settings: { locale } } })
    assert.equal((await choose('de')).status, 200)
    const [{ id }] = (await test.api('//api/v1/notification_subscriptions')).body.payload
    await test.api(`//api/v1/notification_subscriptions/${id}/test`, { method: 'POST' })
    await deliver()
    await showsOnly(
      'Testbenachrichtigung|So werden Sie benachrichtigt, während das Dashboard geschlossen ist.',
    )
    await worker.evaluate('registration.getNotifications().then(([one]) => one.close())')
    await choose(null)
  })

  it('are shown without texts while the dashboard is closed, and closed when they are read elsewhere', async () => {
    await page.goto('about:blank')
    const id = await addTestConversation(test)
    await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: { assignee_id: 1 } })
    const write = (text: string) => sendMessage(test, text, { message_type: 'incoming' }, id)
    await write('My secret')
    await deliver()
    await showsOnly(`New message|Conversation #${id}`)
    await write('Another one')
    await deliver()
    await showsOnly(`New message|Conversation #${id} · 2 new messages`)
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
    await deliver()
    await showsNothing()
    await page.goto(`${test.app.url}/settings/notifications`)
    await page.getByLabel('Show names and texts in push messages').check()
    await eventually(async () => {
      const { body } = await test.api('//api/v1/notification_subscriptions')
      return body.payload[0].shows_text
    })
    await page.goto('about:blank')
    await write('My secret once more')
    await deliver()
    await showsOnly('John Smith|My secret once more')
  })

  it('show nothing while the user sees the dashboard, which opens what is clicked and ends them with the session', async () => {
    await page.goto(test.app.url)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    await showsOnly('John Smith|My secret once more')
    const id = subscriber.messages.at(-1).conversation_id
    await sendMessage(test, 'While they look', { message_type: 'incoming' }, id)
    await deliver()
    await worker.evaluate(`registration.getNotifications().then(([notification]) =>
      dispatchEvent(new NotificationEvent('notificationclick', { notification })))`)
    await page.waitForURL(`**/conversations/${id}?message=*`)
    await showsNothing()
    await worker.evaluate(`registration.showNotification('left', { data: { path: '/', account_id: 1 } })`)
    await page
      .getByRole('button', { name: /Administrator/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await showsNothing()
    assert.equal(await page.evaluate(`localStorage.getItem('subscribed')`), null)
    assert.deepEqual((await test.api('//api/v1/notification_subscriptions')).body.payload, [])
  })
})
