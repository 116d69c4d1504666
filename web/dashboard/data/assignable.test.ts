import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { openDashboardPage } from '../../../test/dashboard-page.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount } from '../../../test/factories.ts'

describe('the bots to which a conversation can be assigned', () => {
  let test: TestApp
  let page: ReturnType<typeof openDashboardPage>
  let data: typeof import('./assignable.ts')
  let live: typeof import('./live.ts')
  let session: typeof import('./session.ts')
  let stop: () => void
  before(async () => {
    test = await startTestApp()
    page = openDashboardPage(test)
    data = await import('./assignable.ts')
    live = await import('./live.ts')
    session = await import('./session.ts')
    await session.loadProfile()
    const stops = [
      data.followAssignable(),
      live.startHearing(session.accountPath(), (status) => assert.fail(`refused with ${status}`)),
    ]
    stop = () => {
      for (const one of stops.splice(0)) one()
    }
    await eventually(() => live.isConnected.value === true)
  })
  after(async () => {
    stop()
    await test.close()
  })
  const addBot = async (name: string, account = 1, token = test.token) => {
    const path = `//api/v1/accounts/${account}/agent_bots`
    assert.equal((await test.api(path, { method: 'POST', body: { name }, token })).status, 201)
  }
  const names = () => data.botsFor(1).others.map(({ name }) => name)
  /** Holds back the next response to this request until what it returns is called. */
  const hold = (path: string) => {
    const { fetch } = globalThis
    const held = Promise.withResolvers<void>()
    globalThis.fetch = async (url, init) => {
      if (url !== path) return fetch(url, init)
      globalThis.fetch = fetch
      const response = await fetch(url, init)
      await held.promise
      return response
    }
    return held.resolve
  }

  it('include one that was created while they were being loaded, with two requests', async () => {
    let heard = 0
    const forget = live.hear({ bot: () => void heard++ })
    await addBot('Ada')
    await eventually(() => heard === 1)
    const path = `${session.accountPath()}/agent_bots`
    const release = hold(path)
    const ofPath = () => page.network.calls.filter((call) => call.endsWith(path)).length
    assert.deepEqual(names(), [])
    await eventually(() => ofPath() === 1)
    await addBot('Bob')
    await addBot('Cleo')
    await eventually(() => heard === 3)
    forget()
    release()
    await eventually(() => names().length === 3)
    assert.equal(ofPath(), 2)
    await addBot('Dan')
    await eventually(() => names().includes('Dan'))
  })

  it('are those of the account that is chosen, even if the response for another one comes late', async () => {
    const other = await addAccount(test)
    await addBot('Zoe', other.accountId, other.token)
    stop()
    const path = `${session.accountPath()}/agent_bots`
    const asked = page.network.calls.length
    const release = hold(path)
    assert.deepEqual(names(), [])
    await eventually(() => page.network.calls.length > asked)
    const profile = session.profile.value!
    const account = { ...profile.accounts[0]!, id: other.accountId }
    session.profile.value = { ...profile, accounts: [...profile.accounts, account] }
    page.network.token = other.token
    session.chooseAccount(other.accountId)
    await eventually(() => names().length > 0)
    release()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(names(), ['Zoe'])
  })
})
