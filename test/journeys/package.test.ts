import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import {
  assertSucceeded,
  oldNode,
  postMessage,
  project,
  runProgram,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'

/** Runs npm in a folder. Packages that `npm ci` has downloaded come from npm's cache. */
function npm(folder: string, ...args: string[]): string {
  const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' } as const
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--prefer-offline', '--no-audit'], options)
  assert.equal(status, 0, stdout + stderr)
  return stdout + stderr
}

describe('The package, installed in an empty folder', () => {
  let folder: string
  let installed: string
  let said: string
  let server: ServerProcess
  const cleanups: (() => unknown)[] = []
  const scope = { after: (clean: () => unknown) => void cleanups.unshift(clean) }
  // As its user calls it, and the Node.js of the machine if that is old.
  const command = (...args: string[]) => [
    oldNode() ?? process.execPath,
    join(installed, 'bin/ndoto.mjs'),
    ...args,
  ]
  const run = (...args: string[]) =>
    runProgram([], {
      data: 'data',
      cwd: folder,
      command: command(...args),
      environment: { PORT: new URL(server.url).port },
    })

  before(async () => {
    folder = temporaryDirectory(scope)
    const [{ filename }] = JSON.parse(
      npm(project, 'pack', '--json', '--silent', '--pack-destination', folder),
    )
    said = npm(folder, 'install', join(folder, filename))
    installed = join(folder, 'node_modules', 'ndoto')
    server = await startProgram(scope, { data: 'data', cwd: folder, command: command('start') })
  })
  after(async () => {
    // An old Node.js passes it on to the one that runs the server.
    server?.kill('SIGTERM')
    await server?.ended
    for (const clean of cleanups) await clean()
  })

  it('brings few packages along, none of which has a script to approve', () => {
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    const all = Object.entries(packages as Record<string, { hasInstallScript?: boolean }>)
    const existing = all.filter(([path]) => path !== '' && existsSync(join(folder, path)))
    assert.ok(existing.length > 2 && existing.length <= 20, existing.map(([path]) => path).join('\n'))
    assert.deepEqual(
      all.filter(([, { hasInstallScript }]) => hasInstallScript),
      [],
    )
    assert.doesNotMatch(said, /install.scripts/)
  })

  it('contains the bundle with its maps, licences and documents, and no source or test', () => {
    const files = readdirSync(installed, { recursive: true }).map((file) =>
      String(file).replaceAll('\\', '/'),
    )
    assert.deepEqual(
      files.filter((file) => /\.tsx?$|\.test\.|^(?:src|test|web)\b/.test(file)),
      [],
    )
    // The runtime of the bundler has no source.
    const programs = files.filter((file) => /^dist\/server\/(?!rolldown)[^/]+\.js$/.test(file))
    for (const file of programs) assert.ok(files.includes(`${file}.map`), file)
    // Messages refer to them.
    assert.ok(files.includes('docs/configuration.md'))
    const licences = readFileSync(join(installed, 'dist/server/licenses.txt'), 'utf8')
    for (const name of ['fastify', 'pg', 'kysely', 'ajv', 'pino'])
      assert.match(licences, new RegExp(`^${name} \\d\\S+ \\(MIT\\)$`, 'm'))
    assert.match(licences, /^swagger-ui \d\S+ \(Apache-2\.0\).+Apache License\nVersion 2\.0/ms)
    for (const page of ['dashboard', 'widget']) {
      const ofPage = readFileSync(join(installed, 'dist/web', page, 'licenses.md'), 'utf8')
      assert.match(ofPage, /preact.+MIT/is)
    }
  })

  it('runs a server on the folder, with the dashboard, the widget, the page of the API and pictures', async () => {
    assert.ok(existsSync(join(folder, 'data', 'ndoto.db')))
    assert.equal((await postMessage(server, 'From the package')).status, 201)
    const get = async (path: string) => (await fetch(server.url + path)).text()
    assert.match(await get('/'), /<script type="module"/)
    assert.match(await get('/widget.js'), /ndoto/i)
    assert.match(await get('/docs/static/swagger-ui-bundle.js'), /SwaggerUIBundle/)
    const bytes = await sharp({ create: { width: 800, height: 600, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const form = new FormData()
    form.append('message_type', 'outgoing')
    form.append('attachments[]', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'picture.png')
    const response = await fetch(`${server.url}/api/v1/accounts/1/conversations/1/messages`, {
      method: 'POST',
      headers: { api_access_token: token },
      body: form,
    })
    const { attachments } = (await response.json()) as { attachments: { width: number; thumb_url: string }[] }
    assert.equal(attachments[0]!.width, 800)
    // The server chose its port, so its public address has none.
    const { pathname, search } = new URL(attachments[0]!.thumb_url)
    const thumbnail = await fetch(server.url + pathname + search)
    assert.equal(thumbnail.headers.get('content-type'), 'image/webp')
  })

  it('has every command', async () => {
    const overview = await run('--help')
    assertSucceeded(overview)
    const names = [...overview.stdout.matchAll(/^ {2}(\S+) {3}/gm)].map(([, name]) => name!)
    assert.ok(names.length >= 10, overview.stdout)
    const helps = await Promise.all(names.map((name) => run(name, '--help')))
    for (const [index, help] of helps.entries()) {
      assertSucceeded(help)
      assert.match(help.stdout, new RegExp(`^Usage: ndoto ${names[index]}\\b`))
    }
    const exported = ['export', '--to', 'export']
    const all = [['doctor'], ['backup', 'backup'], exported, ['import', 'export'], ['openapi']]
    for (const args of all) assertSucceeded(await run(...args))
    const elsewhere = await runProgram([], { data: 'nothing', cwd: folder, command: command('doctor') })
    assert.match(elsewhere.stdout, /no database in .+\n {2}→ npx ndoto start creates it/)
    assertSucceeded(await run('token', 'create', '--email', 'admin@example.com', '--name', 'packaged'))
    assertSucceeded(await run('password', 'admin@example.com'))
  })
})
