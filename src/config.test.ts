import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigError, localUrl, readConfig } from './config.ts'

/** What is said about an environment that cannot be used: a line for each setting. */
function problems(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.message.split('\n')
  }
  assert.fail('the settings were taken')
}

const defaults = {
  host: '127.0.0.1',
  port: 3000,
  dataDir: resolve('data'),
  publicUrl: 'http://127.0.0.1:3000',
  admin: { email: undefined, password: undefined, token: undefined },
  mail: { url: undefined, from: undefined },
  rateLimit: 600,
  trustProxy: [],
  webhookAllowPrivate: false,
  metrics: { isOn: true, token: undefined },
  apiDocs: true,
  securityContact: undefined,
  logLevel: 'info',
}

describe('the settings', () => {
  it('have defaults that need nothing set', () => {
    assert.partialDeepStrictEqual(readConfig({}), defaults)
  })

  it('are all read', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      DATA_DIR: '/var/lib/ndoto',
      PUBLIC_URL: 'https://chat.example.com/',
      NDOTO_ADMIN_EMAIL: 'jane@example.com',
      NDOTO_ADMIN_PASSWORD: 'correct horse',
      NDOTO_ADMIN_TOKEN: 'abcdefghij.klmnop_q-rst',
      SMTP_URL: 'smtps://ndoto:secret@mail.example.com',
      MAIL_FROM: 'Support <support@example.com>',
      NDOTO_RATE_LIMIT: '60',
      TRUST_PROXY: '10.0.0.1, 192.168.0.0/16',
      NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true',
      METRICS: 'off',
      METRICS_TOKEN: 'a-token-of-twenty-signs',
      API_DOCS: 'off',
      SECURITY_CONTACT: 'mailto:security@example.com',
      LOG_LEVEL: 'warn',
    })
    assert.partialDeepStrictEqual(config, {
      host: '0.0.0.0',
      port: 8080,
      dataDir: '/var/lib/ndoto',
      publicUrl: 'https://chat.example.com',
      admin: { email: 'jane@example.com', password: 'correct horse', token: 'abcdefghij.klmnop_q-rst' },
      mail: { url: 'smtps://ndoto:secret@mail.example.com', from: 'Support <support@example.com>' },
      rateLimit: 60,
      trustProxy: ['10.0.0.1', '192.168.0.0/16'],
      metrics: { isOn: false, token: 'a-token-of-twenty-signs' },
      apiDocs: false,
      securityContact: 'mailto:security@example.com',
      webhookAllowPrivate: true,
      logLevel: 'warn',
    })
  })

  it('count as unset if they are empty or blank, and may have blanks around them', () => {
    const names = Object.keys(documented())
    assert.partialDeepStrictEqual(readConfig(Object.fromEntries(names.map((name) => [name, '']))), defaults)
    assert.partialDeepStrictEqual(readConfig({ PORT: '  ', DATABASE_URL: ' ' }), defaults)
    assert.equal(readConfig({ PORT: ' 8080 ' }).port, 8080)
  })

  it('log no requests in a terminal unless somebody wants that', () => {
    const levelOf = (environment: Record<string, string>, isTerminal: boolean) =>
      readConfig(environment, { isTerminal }).logLevel
    assert.deepEqual([levelOf({}, true), levelOf({}, false)], ['warn', 'info'])
    assert.equal(levelOf({ LOG_LEVEL: 'info' }, true), 'info')
  })

  it('make a relative data directory absolute', () => {
    assert.equal(readConfig({ DATA_DIR: 'x/../y' }).dataDir, resolve('y'))
  })

  it('cannot be changed afterwards', () => {
    const config = readConfig({})
    assert.throws(() => {
      config.port = 1
    }, TypeError)
  })

  it('take a port from 0 to 65535 only', () => {
    assert.equal(readConfig({ PORT: '0' }).port, 0)
    assert.equal(readConfig({ PORT: '65535' }).port, 65535)
    for (const PORT of ['65536', '-1', '3000.5', '0x10', '1e3', 'http', '99999999999999999999']) {
      assert.deepEqual(problems({ PORT }), [`PORT is "${PORT}", but must be a whole number from 0 to 65535.`])
    }
  })

  it('take sizes in megabytes, and no file of a customer that is larger than one of an agent', () => {
    const config = readConfig({
      NDOTO_MAX_FILE_SIZE: '10',
      NDOTO_CLIENT_MAX_FILE_SIZE: '11',
      NDOTO_CLIENT_UPLOAD_QUOTA: '12',
      NDOTO_MIN_FREE_DISK: '0',
    })
    const { maxFileSize, clientMaxFileSize, clientUploadQuota, minFreeDisk } = config
    const megabyte = 1024 ** 2
    assert.deepEqual(
      [maxFileSize, clientMaxFileSize, clientUploadQuota, minFreeDisk],
      [10 * megabyte, 10 * megabyte, 12 * megabyte, 0],
    )
    assert.equal(readConfig({ NDOTO_CLIENT_UPLOAD_QUOTA: 'off' }).clientUploadQuota, null)
    const message =
      'NDOTO_CLIENT_MAX_FILE_SIZE is "2001", but must be a whole number of megabytes from 1 to 2000.'
    assert.deepEqual(problems({ NDOTO_CLIENT_MAX_FILE_SIZE: '2001' }), [message])
  })

  it('refuse a FILES_PUBLIC_URL on the host of PUBLIC_URL', () => {
    const PUBLIC_URL = 'https://chat.example.com'
    const FILES_PUBLIC_URL = 'https://files.example.com/'
    assert.equal(readConfig({ PUBLIC_URL, FILES_PUBLIC_URL }).filesPublicUrl, 'https://files.example.com')
    const [problem] = problems({ PUBLIC_URL, FILES_PUBLIC_URL: `${PUBLIC_URL}/files` })
    assert.match(problem!, /^FILES_PUBLIC_URL is .+ host is not that of PUBLIC_URL/)
  })

  it('take "off" or a positive whole number as the rate limit', () => {
    assert.equal(readConfig({ NDOTO_RATE_LIMIT: 'off' }).rateLimit, null)
    assert.equal(readConfig({ NDOTO_RATE_LIMIT: '1' }).rateLimit, 1)
    for (const NDOTO_RATE_LIMIT of ['0', '-5', 'none', 'OFF ok']) {
      assert.match(problems({ NDOTO_RATE_LIMIT }).join(), /^NDOTO_RATE_LIMIT is .+ or "off"/)
    }
  })

  for (const [name, values] of Object.entries({
    PUBLIC_URL: ['chat.example.com', 'ftp://chat.example.com', 'javascript:alert(1)'],
    NDOTO_ADMIN_EMAIL: ['jane', 'jane@', 'jane doe@example.com'],
    LOG_LEVEL: ['loud', 'INFO'],
    MAIL_FROM: ['support', 'a@b, c@d', 'x <y>'],
    TRUST_PROXY: ['nonsense', '10.0.0.1, nonsense', '10.0.0.0/99'],
  })) {
    it(`refuse a ${name} that cannot be used, and quote it`, () => {
      for (const value of values) {
        const found = problems({ [name]: value })
        assert.equal(found.length, 1)
        assert.ok(found[0]?.startsWith(`${name} is "${value}", but must be `), found.join())
      }
    })
  }

  it('are refused all together, a line each', () => {
    const found = problems({ PORT: 'x', LOG_LEVEL: 'y', PUBLIC_URL: 'z', NDOTO_RATE_LIMIT: '0' })
    assert.deepEqual(found.map((line) => line.split(' ')[0]).sort(), [
      'LOG_LEVEL',
      'NDOTO_RATE_LIMIT',
      'PORT',
      'PUBLIC_URL',
    ])
  })

  it('are refused without repeating a secret', () => {
    const found = problems({
      NDOTO_ADMIN_PASSWORD: 'hunter2',
      NDOTO_ADMIN_TOKEN: 'se"cret\nse"cret',
      DATABASE_URL: 'mysql://ndoto:hunter2@db/ndoto',
      SMTP_URL: 'http://ndoto:hunter2@mail',
      FILES_URL: 'https://ndoto:hunter2@s3/bucket',
      METRICS_TOKEN: 'hunter2',
      PORT: 'x',
    }).join('\n')
    assert.match(found, /^NDOTO_ADMIN_PASSWORD must be at least 8 characters long\.$/m)
    assert.match(found, /^NDOTO_ADMIN_TOKEN must be 20 to 200 /m)
    assert.match(found, /^DATABASE_URL must be postgres:/m)
    assert.match(found, /^SMTP_URL must be smtp:/m)
    assert.match(found, /^FILES_URL must be s3:/m)
    assert.doesNotMatch(found, /hunter2|se"cret/)
  })

  it('take the options of connections from PGOPTIONS where DATABASE_URL has none', () => {
    const take = (DATABASE_URL: string) => readConfig({ DATABASE_URL, PGOPTIONS: '-c geqo=off' }).databaseUrl
    assert.equal(take('postgres://u:a%40b@db/ndoto'), 'postgres://u:a%40b@db/ndoto?options=-c+geqo%3Doff')
    const own = 'postgres://u@db/ndoto?options=-c%20jit%3Don'
    assert.equal(take(own), own)
    assert.throws(() => take('postgres://u@db/ndoto?pooler=db:6432'), ConfigError)
  })

  it('know what a pooler in DATABASE_URL may be', () => {
    const take = (pooler: string) => readConfig({ DATABASE_URL: `postgres://u@db/ndoto?pooler=${pooler}` })
    for (const good of ['db:6432', '127.0.0.1:6432', '[::1]:6432']) {
      assert.match(take(good).databaseUrl!, /pooler=/)
    }
    const none = [
      '',
      'db',
      'db:',
      'db:0',
      'db:99999',
      'u@db:6432',
      '::1:6432',
      '[::1:6432',
      'a^b:6432',
      'a:b:6432',
    ]
    for (const wrong of [...none, 'postgres://db:6432', 'db:6432/x', 'db:6432&options=-c%20geqo%3Doff']) {
      assert.throws(() => take(wrong), ConfigError, wrong)
    }
  })

  it('know that STARTTLS can be optional with smtp:// alone', () => {
    const read = (url: string) => readConfig({ SMTP_URL: url }).mail.url
    const optional = 'smtp://mail.example.com?starttls=optional'
    assert.equal(read(optional), optional)
    for (const wrong of [
      'smtps://mail.example.com?starttls=optional',
      'smtp://mail.example.com?starttls=off',
    ]) {
      assert.throws(() => read(wrong), /^ConfigError: SMTP_URL must be smtp:|^Error: SMTP_URL must be smtp:/)
    }
  })

  it('know what a contact for security may be', () => {
    const read = (contact: string) => readConfig({ SECURITY_CONTACT: contact }).securityContact
    for (const good of ['mailto:a@example.com', 'https://example.com/security'])
      assert.equal(read(good), good)
    for (const wrong of ['a@example.com', 'http://example.com', 'mailto:a', 'mailto:a@b\nExpires: never']) {
      assert.throws(() => read(wrong), ConfigError)
    }
  })

  it('know the bounds of an administrator token', () => {
    const take = (NDOTO_ADMIN_TOKEN: string) => readConfig({ NDOTO_ADMIN_TOKEN }).admin.token
    assert.equal(take('a'.repeat(20)), 'a'.repeat(20))
    assert.equal(take('a'.repeat(200)), 'a'.repeat(200))
    for (const wrong of ['a'.repeat(19), 'a'.repeat(201), `${'a'.repeat(20)}'`, `${'a'.repeat(20)} b`]) {
      assert.throws(() => take(wrong), ConfigError)
    }
  })
})

describe('the address on the same machine', () => {
  for (const [host, port, url] of [
    ['127.0.0.1', 3000, 'http://127.0.0.1:3000'],
    ['0.0.0.0', 80, 'http://localhost:80'],
    ['::', 3000, 'http://localhost:3000'],
    ['::1', 3000, 'http://[::1]:3000'],
    ['chat.example.com', 3000, 'http://chat.example.com:3000'],
  ] as const) {
    it(`of a server on ${host} is ${url}`, () => assert.equal(localUrl(host, port), url))
  }

  it('is the public one unless that is set', () => {
    assert.equal(readConfig({ HOST: '0.0.0.0', PORT: '8080' }).publicUrl, 'http://localhost:8080')
  })
})

describe('.env.example', () => {
  it('lists every setting that is read', () => {
    const read = new Set<string>()
    readConfig(new Proxy({}, { get: (_, name) => void read.add(String(name)) }))
    assert.deepEqual(Object.keys(documented()).sort(), [...read].sort())
  })

  it('shows the defaults', () => {
    assert.deepEqual(readConfig(documented()), readConfig({}))
  })
})

function documented(): Record<string, string> {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  return Object.fromEntries(
    [...text.matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  )
}
