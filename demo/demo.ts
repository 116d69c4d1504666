import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { furnish } from './furnish.ts'
import { startShop } from './shop.ts'

/*
 * `npm run demo`: a server on a fresh directory, which is gone when it ends, and a shop of somebody else with the widget
 * on its pages. Nothing of the environment counts.
 */
const { buildIfStale } = (await import('../bin/build-web.mjs' as string)) as { buildIfStale(): void }
buildIfStale()

const password = 'demo-password'
const email = 'jo@north-sole.example'
const dataDir = mkdtempSync(join(tmpdir(), 'ndoto-demo-'))
const port = (await freePort(3000)) ?? (await freePort(0))!
const config = readConfig({
  PORT: String(port),
  DATA_DIR: dataDir,
  LOG_LEVEL: 'error',
  NDOTO_ADMIN_EMAIL: email,
  NDOTO_ADMIN_PASSWORD: password,
})
const app = await startApp(config)
const shop = await startShop((await freePort(3001)) ?? 0)
const inbox = await furnish(app.url, app.installation!.token, shop.origin)
shop.show({
  script: inbox.embed_script,
  dashboard: app.url,
  login: `${email} / ${password}`,
  // As a real shop does when somebody signs in: on its server, where the key is.
  tokenOf: (identifier) => identityToken(identifier, inbox.hmac_token),
})

process.stdout.write(`
  The shop        ${shop.origin}
  The dashboard   ${app.url}
  to sign in      ${email}
  password        ${password}

Open both side by side: write in the shop as a customer, answer in the dashboard as Jo.
Ctrl+C ends it, and removes everything.
`)

let isEnding = false
async function end() {
  if (isEnding) return
  isEnding = true
  await shop.close()
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGINT', end)
process.on('SIGTERM', end)

/** A JWT that proves for a day who somebody is; a real shop has a library for it. */
function identityToken(sub: string, key: string): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 24 * 3600
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub, exp })}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

/** The port if nobody listens there, or for 0 some port; undefined where it is taken. */
function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
