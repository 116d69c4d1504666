import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { rolldown } from 'rolldown'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { oldNode, project, skipWithoutCommands, temporaryDirectory } from '../../../test/process.ts'

const sdk = join(project, 'sdk/typescript')
const readme = readFileSync(join(sdk, 'README.md'), 'utf8')
const compiler = join(project, 'node_modules/typescript/bin/tsc')

/** The examples of the page as one module, in which later ones use what earlier ones define. */
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code).join('\n')

const types = `
import { createNdoto, NdotoError, type AccountEvent, type Label, type Message, verifyWebhook } from '@ndoto/sdk'
import { type Customer, openInbox } from '@ndoto/sdk/customer'

const ndoto = createNdoto({ url: 'https://support.example.com', token: 'a token' })
export const message: Promise<Message> = ndoto.messages.send(1, { content: 'x', message_type: 'outgoing' })
export const labels: Promise<Label[]> = ndoto.labels.list()
// @ts-expect-error: a type of message that does not exist
ndoto.messages.send(1, { content: 'x', message_type: 'other' })
// @ts-expect-error: a message has content or files
ndoto.messages.send(1, { message_type: 'outgoing' })
ndoto.messages.send(1, { message_type: 'outgoing', attachments: [new Blob([])] }, { onProgress: (share: number) => share })
// @ts-expect-error: a call without files has no progress
ndoto.labels.create({ title: 'x' }, { onProgress: () => {} })
export const customer: Customer = openInbox({ url: '', inbox: '' }).customer('src_x')

export async function follow(): Promise<void> {
  for await (const conversation of ndoto.conversations.list({ status: 'all' })) conversation.contact.name satisfies string
  for await (const event of ndoto.events.stream()) {
    if (event.event === 'typing') event.is_private satisfies boolean
    if (event.event === 'label_created') event.label satisfies Label
    // @ts-expect-error: an event that does not exist
    if (event.event === 'label_painted') return
  }
  const { event } = await verifyWebhook('', {}, ['old', 'new'])
  if (event.event === 'message_created') event.id satisfies string
}

export function explain(error: unknown, event: AccountEvent): string {
  if (error instanceof NdotoError && error.code === 'contact_blocked') return error.fields[0]?.field ?? ''
  // @ts-expect-error: a code that does not exist
  if (error instanceof NdotoError && error.code === 'sleepy') return ''
  return event.event
}
`

describe('The package of the SDK', () => {
  let folder: string
  let test: TestApp
  const cleanups: (() => unknown)[] = []
  before(async () => {
    folder = temporaryDirectory({ after: (clean) => void cleanups.push(clean) })
    const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const
    const run = (cwd: string, ...args: string[]) => {
      const { status, stdout, stderr } = spawnSync('npm', [...args], { ...options, cwd })
      assert.equal(status, 0, stdout + stderr)
      return stdout
    }
    const [{ filename }] = JSON.parse(run(sdk, 'pack', '--json', '--silent', '--pack-destination', folder))
    run(folder, 'install', '--offline', '--no-audit', join(folder, filename))
    writeFileSync(join(folder, 'examples.mjs'), examples)
    writeFileSync(join(folder, 'types.mts'), types)
    mkdirSync(join(folder, 'node_modules/@types'))
    symlinkSync(
      join(project, 'node_modules/@types/node'),
      join(folder, 'node_modules/@types/node'),
      'junction',
    )
    symlinkSync(
      join(project, 'node_modules/undici-types'),
      join(folder, 'node_modules/undici-types'),
      'junction',
    )
    test = await startTestApp()
  })
  after(async () => {
    await test.close()
    for (const clean of cleanups) await clean()
  })

  it('has the modules, their types and maps, a page and the licence, and needs no other package', () => {
    const installed = join(folder, 'node_modules/@ndoto/sdk')
    const files = globSync('**/*.*', { cwd: installed }).map((file) => file.replaceAll('\\', '/'))
    const others = files.filter((file) => !/^dist\/[\w-]+\.(?:d\.ts|js|js\.map)$/.test(file))
    assert.deepEqual(others.sort(), ['README.md', 'package.json'])
    for (const name of ['ndoto', 'customer'])
      for (const end of ['js', 'js.map', 'd.ts']) assert.ok(files.includes(`dist/${name}.${end}`))
    const { dependencies, license, scripts } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    )
    assert.deepEqual([dependencies, license, scripts.install], [undefined, 'MIT', undefined])
    assert.ok(readFileSync(join(installed, 'LICENSE'), 'utf8').startsWith('MIT License'))
  })

  it('has less than 30 kB of code in a minified bundle, and less if only customers use it', async () => {
    const sizeOf = async (name: string) => {
      const built = await rolldown({ input: join(folder, `node_modules/@ndoto/sdk/dist/${name}.js`) })
      const { output } = await built.generate({ minify: true })
      return output.reduce((sum, file) => sum + ('code' in file ? Buffer.byteLength(file.code) : 0), 0)
    }
    const [all, customer] = [await sizeOf('ndoto'), await sizeOf('customer')]
    assert.ok(all < 30_000 && all > 5000, `${all} bytes`)
    assert.ok(customer < all, `${customer} bytes`)
  })

  for (const [resolution, module] of [
    ['node16', 'node16'],
    ['bundler', 'esnext'],
  ]) {
    it(`has types that TypeScript finds with moduleResolution ${resolution}`, () => {
      const options = [
        '--noEmit',
        '--module',
        module!,
        '--moduleResolution',
        resolution!,
        '--target',
        'es2023',
      ]
      const strict = ['--strict', '--lib', 'es2023,dom,dom.iterable,dom.asynciterable', 'types.mts']
      const loose = ['--strict', 'false', '--allowJs', '--checkJs', '--types', 'node', 'examples.mjs']
      for (const args of [strict, loose]) {
        const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, ...args], {
          cwd: folder,
          encoding: 'utf8',
        })
        assert.equal(status, 0, stdout)
      }
    })
  }

  /** Runs the examples of the page, on a server of their own. */
  const runExamples = async (command: string, ...args: string[]) => {
    const server = await startTestApp()
    try {
      const { body } = await server.api('/inboxes/1')
      const child = spawn(command, [...args, 'examples.mjs'], {
        cwd: folder,
        timeout: 60_000,
        env: {
          ...process.env,
          NDOTO_URL: server.app.url,
          NDOTO_TOKEN: server.token,
          NDOTO_INBOX: body.inbox_identifier,
        },
      })
      const ended = once(child, 'close')
      const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
      const [code] = await ended
      assert.equal(code, 0, printed + errors)
      assert.equal(errors, '')
      const lines = printed.trim().split('\n')
      assert.ok(lines.includes('422 invalid email must look like name@example.com'), printed)
      assert.ok(lines.includes('true') && lines.includes('100 %'), printed)
      assert.equal(lines.at(-1), 'Hello?')
      const { payload } = (await server.api('/conversations/1/messages')).body
      const contents = payload.map(({ content }: { content: string }) => content)
      assert.deepEqual(contents.slice(1), [
        'Your order shipped today.',
        'Order 1042 is on its way.',
        'Here is the invoice.',
      ])
    } finally {
      await server.close()
    }
  }

  it('runs the examples of its page', () => runExamples(process.execPath))

  const old = oldNode()
  it(
    'runs them with the oldest Node.js that it supports',
    { skip: !old && 'no older Node.js in the PATH' },
    () => runExamples(old!),
  )

  it('runs them with Deno', { skip: skipWithoutCommands('deno') }, () =>
    runExamples('deno', 'run', '--quiet', '--allow-all', '--node-modules-dir=manual'),
  )

  it('runs them with Bun', { skip: skipWithoutCommands('bun') }, () => runExamples('bun', 'run'))
})
