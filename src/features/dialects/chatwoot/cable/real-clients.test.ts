import { after, before, describe, it } from 'node:test'
import { createCable } from '@anycable/core'
import * as actionCable from '@rails/actioncable'
import { WebSocket } from 'ws'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { userIdentifier } from '../../../../../test/cable-client.ts'
import { eventually } from '../../../../../test/eventually.ts'

// It expects a browser.
Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} })
Object.assign(globalThis, { document: { visibilityState: 'visible' } })
Object.assign(actionCable.adapters, { WebSocket })

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

interface Received {
  event: string
  data: { content?: string }
}
const contentsOf = (received: Received[]) =>
  received.flatMap(({ event, data }) => (event === 'message.created' ? [data.content] : []))

describe('The client of Rails', () => {
  it('follows the events of an account, again after a restart', async () => {
    const received: Received[] = []
    let connections = 0
    const url = () => `${test.app.url.replace('http', 'ws')}/chatwoot/cable`
    const consumer = actionCable.createConsumer(url)
    const params = JSON.parse(await userIdentifier(test, test.token, { user_id: 1 }))
    const subscription = consumer.subscriptions.create(params, {
      connected: () => void connections++,
      received: (message: Received) => received.push(message),
    })
    await eventually(() => connections === 1)
    await sendMessage(test, 'one')
    await eventually(() => contentsOf(received).includes('one'))
    subscription.perform('update_presence')
    await eventually(() => received.filter(({ event }) => event === 'presence.update').length > 1)
    await test.restart()
    await eventually(() => connections === 2)
    await sendMessage(test, 'two')
    await eventually(() => contentsOf(received).includes('two'))
    consumer.disconnect()
  })
})

describe('The client of AnyCable', () => {
  it('follows the events of an account', async () => {
    const cable = createCable(`${test.app.url.replace('http', 'ws')}/chatwoot/cable`, {
      websocketImplementation: WebSocket as never,
      logLevel: 'error',
    })
    const { channel, ...params } = JSON.parse(await userIdentifier(test, test.token))
    const room = cable.subscribeTo(channel, params)
    const received: Received[] = []
    room.on('message', (message) => received.push(message as unknown as Received))
    await room.ensureSubscribed()
    await sendMessage(test, 'three')
    await eventually(() => contentsOf(received).includes('three'))
    cable.disconnect()
  })
})
