import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { project, type Scope } from '../process.ts'
import { type Block, pageBlocks, scriptOf, shownDifferences } from './page-examples.ts'

/*
 * The `sh` blocks of these pages run as they stand, in order, each page on a fresh server. The first start has created
 * an account, an inbox, a contact and a conversation; TOKEN, API and SERVER are set as the pages say.
 */
const pages = [
  'README.md',
  'docs/api/*.md',
  'docs/{attachments,client-api,errors,realtime,webhooks,widget}.md',
]

const missing = ['bash', 'curl', 'grep'].filter((name) => spawnSync(name, ['--version']).status !== 0)

describe('The curl examples', { skip: missing.length > 0 && `requires ${missing.join(', ')}` }, () => {
  const files = globSync(pages, { cwd: project }).sort()

  it('are on several pages', () => assert.ok(files.length > 5, files.join(', ')))

  for (const file of files) {
    const blocks = pageBlocks(readFileSync(join(project, file), 'utf8'))
    if (blocks.length === 0) continue
    it(`of ${file} run, and return what the page shows`, async (test) => {
      const server = await startTestApp()
      test.after(() => server.close())
      const outputs = await runAgainst(server, test, blocks)
      for (const [index, { code, shown }] of blocks.entries()) {
        if (shown === undefined) continue
        const last = outputs[index]!.trim().split('\n').at(-1)!
        assert.deepEqual(shownDifferences(JSON.parse(shown), JSON.parse(last)), [], `${code}\n${last}`)
      }
    })
  }

  it('of README.md also run after a reply in the dashboard, which uses up ids', async (test) => {
    const server = await startTestApp()
    test.after(() => server.close())
    await sendMessage(server, 'Hello Jane')
    await server.api('/conversations/1/assignments', { method: 'POST', body: { assignee_id: 1 } })
    const outputs = await runAgainst(
      server,
      test,
      pageBlocks(readFileSync(join(project, 'README.md'), 'utf8')),
    )
    const { payload } = JSON.parse(outputs.at(-1)!.trim().split('\n').at(-1)!)
    const contents = payload
      .filter((message: { message_type: string }) => message.message_type !== 'activity')
      .map((message: { content: string }) => message.content)
    assert.deepEqual(contents, [
      'Hi, I need help with my order.',
      'Hello Jane',
      'Thanks for reaching out! Which order is it?',
      'It is order 1042.',
      'It shipped today.',
    ])
  })
})

/** Runs the blocks of a page against a server, and returns what each printed. */
function runAgainst({ app, token }: TestApp, test: Scope, blocks: readonly Block[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ndoto-examples-'))
  test.after(() => rmSync(folder, { recursive: true }))
  const variables = { SERVER: app.url, API: `${app.url}/api/v1/accounts/1`, TOKEN: token }
  return run(folder, scriptOf(blocks), variables)
}

describe('The comparison with a shown response', () => {
  const shown = { id: 1, created_at: 1795493847, payload: [{ name: 'Ada' }] }

  it('ignores times, secrets and fields that the page leaves out', () => {
    const actual = { id: 1, created_at: 1800000000, more: true, payload: [{ name: 'Ada', age: 36 }] }
    assert.deepEqual(shownDifferences(shown, actual), [])
  })

  it('finds another value, another type and a missing element', () => {
    assert.deepEqual(shownDifferences(shown, { id: 2, created_at: null, payload: [] }), [
      'id: 1 is shown, 2 was returned',
      'created_at: 1795493847 is shown, null was returned',
      'payload: 1 elements are shown, 0 were returned',
    ])
  })
})

/** Runs a script in `folder`, where the files that examples send are, and returns what each block printed. */
async function run(folder: string, script: string, variables: Record<string, string>): Promise<string[]> {
  for (const name of ['invoice.pdf', 'photo.jpg']) writeFileSync(join(folder, name), `the content of ${name}`)
  const child = spawn('bash', ['-s'], { cwd: folder, env: { ...process.env, ...variables }, timeout: 60_000 })
  const ended = once(child, 'close')
  child.stdin.end(script)
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  assert.equal(code, 0, `${printed}\n${errors}`)
  return globSync('output-*', { cwd: folder })
    .sort((one, other) => Number(one.slice(7)) - Number(other.slice(7)))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}
