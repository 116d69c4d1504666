import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { createToken } from '../../src/features/users/tokens.ts'
import { type ApiResponse, sendMessage, startTestApp, type TestApp } from '../app.ts'
import { addTestConversation } from '../factories.ts'
import { type Call, calls, examples, type Language, languages, program, shownResponse } from './examples.ts'

/*
 * The examples of the reference page run unchanged. `YOUR_TOKEN` is a token, conversation 42 and message 101 exist, and
 * each program reaches the server as `https://app.usendoto.com` through a proxy that connects to nothing else.
 */

const host = 'app.usendoto.com'
const question = 'Hi, I need help with my order.'

interface Runner {
  /** The command that runs a program from its standard input. */
  command: (certificate: string) => string[]
  /** A command that fails if something is missing that the examples require. */
  check: string[]
  requirement: string
}

const runners: Record<Exclude<Language, 'Dart'>, Runner> = {
  JavaScript: {
    command: () => [process.execPath, '--input-type=module', '-'],
    check: [process.execPath, '--version'],
    requirement: 'node',
  },
  Python: {
    command: () => ['python3', '-'],
    check: ['python3', '-c', 'import requests'],
    requirement: 'python3 with the package requests',
  },
  PHP: {
    command: (certificate) => ['php', '-d', `curl.cainfo=${certificate}`],
    check: ['php', '-r', "exit(function_exists('curl_init') ? 0 : 1);"],
    requirement: 'php with its curl extension',
  },
  Ruby: {
    command: () => ['ruby', '-'],
    check: ['ruby', '-r', 'net/http', '-r', 'openssl', '-e', ''],
    requirement: 'ruby with openssl',
  },
}

const all = examples()
const hasOpenssl = works(['openssl', 'version'])

it('The page has an example of each call in each language', () => {
  assert.deepEqual(
    all.map(({ call, language }) => `${call}: ${language}`),
    calls.flatMap((call) => languages.map((language) => `${call}: ${language}`)),
  )
})

for (const [language, runner] of Object.entries(runners)) {
  const missing = !hasOpenssl ? 'openssl' : works(runner.check) ? undefined : runner.requirement
  describe(`The examples in ${language}`, { skip: missing ? `requires ${missing}` : false }, () => {
    let test: TestApp
    let proxy: TlsProxy
    before(async () => {
      test = await startTestApp()
      await prepare(test)
      proxy = await startTlsProxy(test.app.url)
    })
    after(async () => {
      proxy?.close()
      await test?.close()
    })

    const run = (call: Call) => {
      const example = all.find((one) => one.call === call && one.language === language)!
      return runProgram(runner.command(proxy.certificate), program(all, example), proxy.environment)
    }
    const messages = async () => (await test.api('/conversations/42/messages')).body.payload

    it('list the messages', async () => {
      const printed = await run('List messages')
      assert.match(printed, /\b101\b/)
      assert.ok(printed.includes(question), printed)
      assert.ok(printed.includes('John Smith'), printed)
      assert.equal((await messages()).length, 1)
    })

    it('send a message', async () => {
      const content = 'Thanks for reaching out! We will look into this right away.'
      const printed = await run('Send a message')
      assert.ok(printed.includes(content), printed)
      assertLast(await messages(), { id: 102, content, private: false })
    })

    it('send a private note', async () => {
      const content = 'Internal note: customer is on the premium plan.'
      const printed = await run('Sending a private note')
      assert.ok(printed.includes(content), printed)
      assertLast(await messages(), { id: 103, content, private: true })
    })

    it('delete a message', async () => {
      assert.match(await run('Delete a message'), /^200\b/)
      assert.equal((await test.api('/conversations/42/messages/101')).status, 404)
      assert.deepEqual(
        (await messages()).map(({ id }: { id: number }) => id),
        [102, 103],
      )
    })
  })
}

describe('The response that the page shows', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  it('has no field that the response of the server lacks or has with another type', async () => {
    const { body } = await test.api('/conversations/1/messages')
    assert.deepEqual(shapeOf(shownResponse(), body), shapeOf(shownResponse(), shownResponse()))
  })
})

/** Returns the types of the fields of `like`, as they are in `value`. */
function shapeOf(like: unknown, value: unknown): unknown {
  if (Array.isArray(like)) return Array.isArray(value) && like.map((one, i) => shapeOf(one, value[i]))
  if (typeof like !== 'object' || like === null) return typeof value
  const fields = Object.entries(like)
  return Object.fromEntries(fields.map(([name, one]) => [name, shapeOf(one, (value as never)?.[name])]))
}

/** Asserts that the last message has these fields, and that a user has sent it. */
function assertLast(messages: ApiResponse['body'][], expected: object): void {
  const { id, content, message_type, private: isPrivate, sender } = messages.at(-1)
  const actual = { id, content, private: isPrivate, message_type, sender: sender.type }
  assert.deepEqual(actual, { ...expected, message_type: 'outgoing', sender: 'User' })
}

/** Creates the token, the conversation and the message that the page assumes. */
async function prepare(test: TestApp): Promise<void> {
  const scopes = ['write'] as const
  await test.app.database.transaction(null, (tx) =>
    createToken(tx, 1, 1, { name: 'page', scopes, token: 'YOUR_TOKEN' }),
  )
  const numbers = await Promise.all(Array.from({ length: 41 }, () => addTestConversation(test)))
  assert.equal(Math.max(...numbers), 42)
  await Promise.all(Array.from({ length: 99 }, () => sendMessage(test, 'One of many')))
  assert.equal((await sendMessage(test, question, { message_type: 'incoming' }, 42)).id, 101)
}

interface TlsProxy {
  /** The file of the certificate that clients must trust. */
  certificate: string
  /** The environment variables that make clients use the proxy and trust the certificate. */
  environment: Record<string, string>
  close(): void
}

/** Starts a proxy that serves `https://app.usendoto.com` from the server at `url`. */
async function startTlsProxy(url: string): Promise<TlsProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-proxy-'))
  const certificate = join(directory, 'certificate.pem')
  const key = join(directory, 'key.pem')
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ')
  const names = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const uses = ['-addext', 'keyUsage=critical,digitalSignature,keyCertSign']
  const files = ['-keyout', key, '-out', certificate]
  execFileSync('openssl', [...request, ...names, ...uses, ...files], { stdio: 'pipe' })
  const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (outer) => {
    const inner = connect(Number(new URL(url).port), '127.0.0.1')
    pipeline(outer, inner, outer, () => {})
  })
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    if (request.url !== `${host}:443`) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    tls.emit('connection', socket)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    certificate,
    environment: {
      // Some clients read lower-case names, some upper-case names.
      http_proxy: address,
      https_proxy: address,
      no_proxy: '',
      HTTP_PROXY: address,
      HTTPS_PROXY: address,
      NO_PROXY: '',
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: certificate,
      SSL_CERT_FILE: certificate,
      REQUESTS_CA_BUNDLE: certificate,
    },
    close() {
      proxy.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** Runs a program, and returns what it prints. Fails if it does not end with 0. */
async function runProgram(
  [command, ...args]: string[],
  code: string,
  environment: Record<string, string>,
): Promise<string> {
  const child = spawn(command!, args, { env: { ...process.env, ...environment }, timeout: 15_000 })
  const ended = once(child, 'close')
  child.stdin.end(code)
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [exitCode] = await ended
  assert.equal(exitCode, 0, `${code}\n${printed}\n${errors}`)
  return printed
}

function works([command, ...args]: string[]): boolean {
  return spawnSync(command!, args, { stdio: 'ignore' }).status === 0
}
