import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addUser } from '../../../test/factories.ts'
import { assetsFolder } from '../../http/assets.ts'
import type { FrameSettings } from './schema.ts'

const build = fileURLToPath(new URL('../../../bin/build-web.mjs', import.meta.url))

describe('The widget on a website', () => {
  let test: TestApp
  before(async () => {
    spawnSync(process.execPath, [build], { stdio: 'inherit' })
    test = await startTestApp()
  })
  after(() => test.close())

  const create = async (channel: object, more: object = {}) => {
    const body = { name: 'Shoes & "more"', channel: { type: 'web_widget', ...channel }, ...more }
    return (await test.api('/inboxes', { method: 'POST', body })).body
  }
  const get = (path: string) => fetch(test.app.url + path)
  const settingsOf = (page: string): FrameSettings => {
    const [, content] = /<meta name="ndoto" content="([^"]*)">/.exec(page)!
    const text = content!.replace(
      /&(amp|quot|lt|gt);/g,
      (_, name) => ({ amp: '&', quot: '"', lt: '<', gt: '>' })[name as 'amp']!,
    )
    return JSON.parse(text)
  }
  const ancestors = (response: Response) =>
    /frame-ancestors ([^;]*)$/.exec(response.headers.get('content-security-policy')!)![1]

  it('is at most 25 kB compressed for a visitor in any language, until they need more', () => {
    const folder = join(assetsFolder, 'widget')
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const sizeOf = (pattern: RegExp) => {
      const found = names.filter((name) => name.endsWith('.br') && pattern.test(name))
      assert.ok(found.length > 0, String(pattern))
      return found.map((name) => statSync(join(folder, name)).size)
    }
    const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
    const first = [/^widget\.js/, /^index\.html/, /^assets\/frame-.*\.js/, /^assets\/frame-.*\.css/]
    const languages = sizeOf(/^assets\/[a-z]{2}-[^.]*\.js/)
    assert.equal(languages.length, 4)
    const total = sum(first.flatMap(sizeOf)) + Math.max(...languages)
    assert.ok(total > 5000 && total <= 25_000, `${total} bytes`)
    // Whatever else there is, it is loaded on demand, and is small, too.
    assert.ok(sum(sizeOf(/./)) <= 36_000)
  })

  it('has a script that every page may run, and assets that browsers may cache', async () => {
    const script = await get('/widget.js')
    assert.equal(script.status, 200)
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(script.headers.get('cache-control'), 'public, max-age=600')
    assert.equal(script.headers.get('cross-origin-resource-policy'), 'cross-origin')
    const { inbox_identifier } = await create({})
    const page = await (await get(`/widget/${inbox_identifier}`)).text()
    const assets = [...page.matchAll(/"\.(\/assets\/[^"]+)"/g)].map(([, path]) => `/widget${path}`)
    assert.equal(assets.length, 2)
    for (const path of assets) {
      const { status, headers } = await get(path)
      assert.equal(status, 200, path)
      assert.match(headers.get('cache-control')!, /immutable/)
    }
  })

  it('may be framed only by the origins of the inbox, and by this server', async () => {
    const one = await create({
      website_url: 'https://Shop.example:8443/en/',
      widget: { allowed_origins: ['https://*.shop.example', 'file:'] },
    })
    const response = await get(`/widget/${one.inbox_identifier}`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(ancestors(response), "'self' https://shop.example:8443 https://*.shop.example file:")
    const nowhere = await create({})
    assert.equal(ancestors(await get(`/widget/${nowhere.inbox_identifier}`)), "'self'")
  })

  it('runs only scripts of this server in the frame', async () => {
    const { inbox_identifier } = await create({})
    const { headers } = await get(`/widget/${inbox_identifier}`)
    const policy = headers.get('content-security-policy')!
    assert.doesNotMatch(policy, /unsafe|\*|http:/)
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/)
    assert.match(policy, /; require-trusted-types-for 'script'; trusted-types 'none';/)
    assert.match(headers.get('permissions-policy')!, /\bcamera=\(\)/)
  })

  it('gets its settings from the page of the frame, without anything that visitors may not see', async () => {
    const agent = await addUser(test, { inboxes: [] })
    const widget = { color: '#006644', position: 'left', title: '<Ask us>' }
    const inbox = await create(
      { website_url: 'https://shop.example', widget },
      { greeting_message: 'Hi & "welcome"' },
    )
    await test.api(`/inbox_members/${inbox.id}`, { method: 'POST', body: { user_ids: [agent.userId] } })
    const settings = settingsOf(await (await get(`/widget/${inbox.inbox_identifier}`)).text())
    assert.deepEqual(settings, {
      inbox: inbox.inbox_identifier,
      title: '<Ask us>',
      greeting: 'Hi & "welcome"',
      color: '#006644',
      position: 'left',
      agents: [{ name: agent.name, avatar_url: null }],
      available: false,
      record_visits: true,
      ask_email: false,
      pre_chat: null,
      identity_validation: false,
      origins: ['https://shop.example'],
      max_file_size: test.config.clientMaxFileSize,
    })
    const form = { pre_chat_message: 'Hi', pre_chat_fields: [] }
    const preChat = { pre_chat_form_enabled: true, pre_chat_form_options: form }
    const hidden = { channel: { widget: { show_agents: false, title: null, ...preChat } } }
    await test.api(`/inboxes/${inbox.id}`, { method: 'PATCH', body: hidden })
    const after = settingsOf(await (await get(`/widget/${inbox.inbox_identifier}`)).text())
    assert.deepEqual([after.agents, after.title, after.color], [[], 'Shoes & "more"', '#006644'])
    assert.deepEqual(after.pre_chat, form)
  })

  it('is answered with 404 for an unknown inbox or one of another channel', async () => {
    const [api] = (await test.api('/inboxes')).body.payload
    for (const identifier of ['inbox_unknown', api.inbox_identifier, 'assets', '%00']) {
      const response = await get(`/widget/${identifier}`)
      assert.equal(response.status, 404, identifier)
    }
    assert.equal(ancestors(await get('/widget/inbox_unknown')), "'self'")
  })
})
