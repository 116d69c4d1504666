import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase, testDatabaseUrl } from '../databases.ts'
import { formOf } from '../files.ts'
import { assertSucceeded, call, project, runProgram, startProgram, token } from '../process.ts'

/*
 * `node test/upgrades/make.ts VERSION [PROJECT]` makes the databases of a version, which later versions are tested with:
 * test/upgrades/VERSION.tgz. PROJECT is a checkout of that version, by default this one. The one of PostgreSQL needs
 * TEST_DATABASE_URL and pg_dump, of the oldest supported version of PostgreSQL if possible.
 */

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Fills a server with a bit of everything that an export contains. Returns the secret of a customer. */
async function fill(server: { url: string }): Promise<{ inbox_identifier: string; source_id: string }> {
  const post = async (path: string, body: object) => {
    const response = await call(server, path, { body })
    assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body)}`)
    return response.body
  }
  for (const title of ['billing', 'urgent']) await post('/labels', { title })
  await post('/agents', { email: 'agent@example.com', name: 'Agent', role: 'agent' })
  const team = await post('/teams', { name: 'Night shift' })
  await post('/webhooks', { url: 'https://example.invalid/hook', subscriptions: ['message_created'] })
  const inbox = await post('/inboxes', { name: 'Shop', channel: { type: 'api' } })
  const zoe = await post('/contacts', {
    name: 'Zoë 😀 "quoted"\\',
    email: 'zoé@example.com',
    phone_number: '+491701234567',
    custom_attributes: { plan: 'gold', nested: [1, 'ü', null] },
  })
  const open = await post('/conversations', { inbox_id: inbox.id, contact_id: zoe.id })
  const send = (id: number, content: string, more: object = {}) =>
    post(`/conversations/${id}/messages`, { content, message_type: 'outgoing', ...more })
  await send(open.id, 'Where is my order?', { message_type: 'incoming' })
  await send(open.id, 'line\nline\ttab \u2028 {"json": true}', { private: true })
  await send(open.id, 'Which one?', {
    content_type: 'input_select',
    content_attributes: { items: [{ title: 'First', value: 'ÿ' }] },
  })
  const erased = await send(open.id, 'Erased before the upgrade')
  const path = `/conversations/${open.id}/messages/${erased.id}`
  assert.ok((await call(server, path, { method: 'DELETE' })).status < 300)
  await post(`/conversations/${open.id}/labels`, { labels: ['billing', 'urgent'] })
  await post(`/conversations/${open.id}/assignments`, { team_id: team.id })
  const form = formOf({ message_type: 'outgoing' }, [{ bytes: 'a list of orders', name: 'orders.txt' }])
  const messages = `${server.url}/api/v1/accounts/1/conversations/${open.id}/messages`
  const sent = await fetch(messages, { method: 'POST', headers: { api_access_token: token }, body: form })
  assert.equal(sent.status, 201)
  const resolved = await post('/conversations', { inbox_id: inbox.id, contact_id: zoe.id })
  await send(resolved.id, 'Thank you!', { message_type: 'incoming' })
  await post(`/conversations/${resolved.id}/toggle_status`, { status: 'resolved' })
  await post('/conversations/1/toggle_status', { status: 'snoozed', snoozed_until: 4_000_000_000 })
  const { inbox_identifier } = (await call(server, `/inboxes/${inbox.id}`)).body
  return { inbox_identifier, source_id: await writeAsCustomer(server.url, inbox_identifier) }
}

async function writeAsCustomer(url: string, inboxIdentifier: string): Promise<string> {
  const contacts = `${url}/public/api/v1/inboxes/${inboxIdentifier}/contacts`
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.ok(response.ok, await response.clone().text())
    return response.json() as Promise<Record<string, string>>
  }
  const { source_id } = await post(contacts, { name: 'Visitor of the shop' })
  const { id } = await post(`${contacts}/${source_id}/conversations`, {})
  await post(`${contacts}/${source_id}/conversations/${id}/messages`, { content: 'Is anybody there?' })
  return source_id!
}

/** Starts a program on new data, fills it, and writes its data and its export into `target`. */
async function make(program: string, target: string, environment: Record<string, string>): Promise<void> {
  const cleanups: (() => unknown)[] = []
  const data = join(target, 'data')
  mkdirSync(data, { recursive: true })
  const command = (...args: string[]) => [process.execPath, join(program, 'bin/ndoto.mjs'), ...args]
  const options = { data, cwd: program, environment }
  try {
    const scope = { after: (clean: () => unknown) => void cleanups.unshift(clean) }
    const server = await startProgram(scope, { ...options, command: command('start') })
    writeFileSync(join(target, 'customer.json'), JSON.stringify(await fill(server)))
    server.kill()
    assert.equal((await server.ended).code, 0)
    const exported = join(target, 'export')
    assertSucceeded(await runProgram([], { ...options, command: command('export', '--to', exported) }))
  } finally {
    for (const clean of cleanups) await clean()
  }
}

/** Makes test/upgrades/VERSION.tgz from the program in a folder. Returns its path. */
export async function makeUpgradeData(version: string, program = project): Promise<string> {
  const parts = mkdtempSync(join(tmpdir(), 'ndoto-upgrade-'))
  try {
    const build = join(parts, 'build')
    await make(program, join(build, 'sqlite'), {})
    if (testDatabaseUrl) {
      const { url, drop } = await createDatabase()
      await make(program, join(build, 'postgres'), { DATABASE_URL: url })
      const dump = join(build, 'postgres', 'database.sql')
      execFileSync('pg_dump', ['--no-owner', '--no-privileges', `--file=${dump}`, url])
      await drop()
    }
    // What only the running server needs.
    for (const engine of ['sqlite', 'postgres']) {
      rmSync(join(build, engine, 'data', 'ndoto.pid'), { force: true })
    }
    const archive = join(folder, `${version}.tgz`)
    const file = join(parts, 'archive.tgz')
    execFileSync('tar', ['--create', '--gzip', `--file=${file}`, `--directory=${build}`, '.'])
    cpSync(file, archive)
    return archive
  } finally {
    rmSync(parts, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version, program] = process.argv.slice(2)
  assert.match(version ?? '', /^\d+\.\d+(?:\.\d+)?$/, 'Usage: node test/upgrades/make.ts VERSION [PROJECT]')
  process.stdout.write(`${await makeUpgradeData(version!, program && resolve(program))}\n`)
}
