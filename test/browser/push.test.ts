import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, CDPSession, Page, Worker } from 'playwright-core'
import { sendMessage, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { type PushService, type Browser as Subscriber, startPushService } from '../push-service.ts'
import { startWebhookApp } from '../webhooks.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
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
    browser = await startBrowser()
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
  /** Waits for so many messages at the push service, and passes the last one on to the browser. */
  const deliver = async (count: number) => {
    await eventually(() => subscriber.messages.length >= count)
    assert.equal(subscriber.messages.length, count)
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
    await deliver(1)
    await showsOnly('Test notification|This is how you are notified while the dashboard is closed.')
    await worker.evaluate('registration.getNotifications().then(([one]) => one.close())')
  })

  it('are shown without texts while the dashboard is closed, and closed when they are read elsewhere', async () => {
    await page.goto('about:blank')
    const id = await addTestConversation(test)
    await test.api(`/conversations/${id}/assignments`, { method: 'POST', body: { assignee_id: 1 } })
    const write = (text: string) => sendMessage(test, text, { message_type: 'incoming' }, id)
    await write('My secret')
    await deliver(1 + 1)
    await showsOnly(`New message|Conversation #${id}`)
    await write('Another one')
    await deliver(2 + 1)
    await showsOnly(`New message|Conversation #${id} · 2 new messages`)
    await test.api(`/conversations/${id}/update_last_seen`, { method: 'POST' })
    await deliver(3 + 1)
    await showsNothing()
    await page.goto(`${test.app.url}/settings/notifications`)
    await page.getByLabel('Show names and texts in push messages').check()
    await eventually(async () => {
      const { body } = await test.api('//api/v1/notification_subscriptions')
      return body.payload[0].shows_text
    })
    await page.goto('about:blank')
    await write('My secret once more')
    await deliver(4 + 1)
    await showsOnly('John Smith|My secret once more')
  })

  it('show nothing while the user sees the dashboard, which opens what is clicked and ends them with the session', async () => {
    await page.goto(test.app.url)
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    await showsOnly('John Smith|My secret once more')
    const id = subscriber.messages.at(-1).conversation_id
    await sendMessage(test, 'While they look', { message_type: 'incoming' }, id)
    await deliver(5 + 1)
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
