import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openDashboardPage } from '../../../test/dashboard-page.ts'
import { eventually } from '../../../test/eventually.ts'

describe('the list of conversations', () => {
  let test: TestApp
  let page: ReturnType<typeof openDashboardPage>
  let list: typeof import('./list.ts') & typeof import('./filter.ts')
  let router: typeof import('../router.ts')
  const stops: (() => void)[] = []
  const made: number[] = []
  before(async () => {
    test = await startTestApp()
    page = openDashboardPage(test)
    list = { ...(await import('./list.ts')), ...(await import('./filter.ts')) }
    router = await import('../router.ts')
    const { followConversations } = await import('./conversations.ts')
    const { accountPath, loadProfile } = await import('./session.ts')
    const { isConnected, startHearing } = await import('./live.ts')
    await loadProfile()
    for (let count = 0; count < 60; count++) made.push(await begin())
    stops.push(
      followConversations(),
      list.followList(),
      startHearing(accountPath(), (status) => assert.fail(`refused with ${status}`)),
    )
    await eventually(() => isConnected.value === true)
  })
  after(async () => {
    for (const stop of stops) stop()
    await test.close()
  })
  beforeEach(() => open('/'))

  const begin = async (): Promise<number> => {
    const { body } = await test.api('/conversations', {
      method: 'POST',
      body: { inbox_id: 1, contact_id: 1 },
    })
    return body.id
  }
  const open = async (address: string) => {
    router.go(address)
    await list.loadList()
  }
  const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
  /** The ids as the server has them, in its order. */
  const ofServer = async (query: string): Promise<number[]> => {
    const pages = [1, 2, 3, 4].map(async (number) => {
      const { body } = await test.api(`/conversations?${query}&page=${number}`)
      return body.data.payload.map(({ id }: { id: number }) => id)
    })
    return (await Promise.all(pages)).flat()
  }

  it('is loaded page by page, each conversation once, until all are there', async () => {
    assert.equal(list.ids.value.length, 25)
    while (!list.isComplete.value) await Promise.all([list.loadMore(), list.loadMore()])
    assert.deepEqual(list.ids.value, await ofServer('status=open&assignee_type=all'))
    assert.equal(list.counts.value.all, list.ids.value.length)
  })

  it('moves a conversation to the top when something happens in it', async () => {
    const last = list.ids.value.at(-1)!
    await sendMessage(test, 'Hello', { message_type: 'incoming' }, last)
    await eventually(() => list.ids.value[0] === last)
    assert.equal(new Set(list.ids.value).size, list.ids.value.length)
  })

  it('takes in what begins to fit its filter, and drops what no longer does', async () => {
    await open('/?tab=me')
    assert.deepEqual(list.ids.value, [])
    await post(`/conversations/${made[0]}/assignments`, { assignee_id: 1 })
    await eventually(() => list.ids.value.includes(made[0]!))
    await eventually(() => list.counts.value.me === 1)
    await post(`/conversations/${made[0]}/toggle_status`, { status: 'resolved' })
    await eventually(() => list.ids.value.length === 0)
    await open('/?tab=me&status=resolved')
    assert.deepEqual(list.ids.value, [made[0]])
    await test.api(`/conversations/${made[0]}`, { method: 'DELETE' })
    await eventually(() => list.ids.value.length === 0)
  })

  it('shows a conversation that the page has not met', async () => {
    const id = await begin()
    await eventually(() => list.ids.value[0] === id)
  })

  it('has the messages that a search has found', async () => {
    const { id } = await sendMessage(test, 'a needle in the hay', {}, made[5])
    await eventually(async () => {
      await open('/?q=needle&status=all')
      return list.ids.value.length > 0
    })
    assert.deepEqual(list.ids.value, [made[5]])
    assert.equal(list.hits.value.get(made[5]!)!.id, id)
    assert.equal(list.addressOf(made[5]!, id), `/conversations/${made[5]}?q=needle&message=${id}`)
  })

  it('belongs to the last filter, however late the answers to others come', async () => {
    router.go('/?status=resolved')
    const slow = list.loadList()
    router.go('/?tab=unassigned')
    await Promise.all([slow, list.loadList()])
    assert.deepEqual(list.ids.value, (await ofServer('status=open&assignee_type=unassigned')).slice(0, 25))
  })

  it('keeps its filter in the address', () => {
    router.go('/?tab=me&status=snoozed&inbox=3&team=4&label=late&q=x+y&message=7')
    assert.deepEqual(list.filter.value, {
      tab: 'me',
      status: 'snoozed',
      inbox: 3,
      team: 4,
      label: 'late',
      q: 'x y',
      specialList: undefined,
      view: undefined,
    })
    assert.equal(list.searchOf({ team: undefined, q: '' }), '?tab=me&status=snoozed&inbox=3&label=late')
    router.go('/settings/labels')
    assert.equal(list.searchOf({}), '?tab=me&status=snoozed&inbox=3&team=4&label=late&q=x+y')
    router.go('/?involvement=mentioned')
    assert.equal(list.searchOf({}), '?involvement=mentioned')
    assert.equal(list.searchOf({ tab: 'me' }), '?tab=me')
    assert.equal(list.searchOf({ specialList: 'unattended' }), '?involvement=unattended')
    assert.equal(list.searchOf({ specialList: undefined }), '')
    router.go('/?tab=nonsense&involvement=x&status=nonsense&inbox=x')
    assert.equal(list.searchOf({}), '')
  })

  it('searches in every status unless one was chosen', () => {
    router.go('/')
    assert.equal(list.searchOf({ q: 'x' }), '?q=x')
    router.go('/?q=x')
    assert.equal(list.filter.value.status, 'all')
    assert.equal(list.searchOf({ q: '' }), '')
    assert.equal(list.searchOf({ status: 'open' }), '?status=open&q=x')
    router.go('/?status=resolved')
    assert.equal(list.searchOf({ q: 'x' }), '?status=resolved&q=x')
  })

  it('says that it could not be loaded, and loads when it is asked again', async () => {
    page.network.isDown = true
    await list.loadList()
    assert.equal(list.listTrouble.value, 'Cannot reach the server.')
    page.network.isDown = false
    await list.loadMore()
    assert.equal(list.listTrouble.value, undefined)
    assert.equal(list.ids.value.length, 25)
  })
})
