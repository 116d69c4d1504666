import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { seed } from './seed.ts'
import { startShop } from './shop.ts'

/*
 * `npm run demo` starts a server with a temporary directory, and a shop of another company with the widget on its
 * pages. It ignores the environment.
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
const inbox = await seed(app.url, app.installation!.token, shop.origin)
shop.show({
  script: inbox.embed_script,
  dashboard: app.url,
  login: `${email} / ${password}`,
  // A real shop does this on its own server when a customer signs in, because the key must remain secret.
  tokenOf: (identifier) => identityToken(identifier, inbox.hmac_token),
})

process.stdout.write(`
  The shop        ${shop.origin}
  The dashboard   ${app.url}
  E-mail address  ${email}
  Password        ${password}

Open both next to each other: write in the shop as a customer, reply in the dashboard as Jo.
Press Ctrl+C to stop the demo and delete its data.
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

/** Signs a JWT that proves for a day who a customer is. A real shop uses a library for this. */
function identityToken(sub: string, key: string): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 24 * 3600
  const signed = `${encoded({ alg: 'HS512', typ: 'JWT' })}.${encoded({ sub, exp })}`
  return `${signed}.${createHmac('sha512', key).update(signed).digest('base64url')}`
}

/** Returns `preferred` if nothing listens on it, or any free port for 0; undefined if it is taken. */
function freePort(preferred: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(preferred, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
