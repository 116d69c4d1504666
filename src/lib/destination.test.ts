import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseDestination, resolveAddresses, urlProblem } from './destination.ts'

describe('A URL for outgoing requests', () => {
  it('may be any address of the public internet, with any port', () => {
    for (const url of [
      'https://hook.example',
      'http://hook.example:8080/a?b=c#d',
      'HTTPS://Hook.Example./',
      'https://1.1.1.1:22/',
      'https://[2606:4700:4700::1111]/',
      'https://bücher.example/',
      'https://localhost.example/',
      'https://127.0.0.1.example/',
    ]) {
      assert.equal(urlProblem(url), null, url)
    }
  })

  for (const [reason, urls] of Object.entries({
    'must be an http:// or https:// URL': [
      '',
      'hook.example',
      '/hook',
      '//hook.example/',
      'ftp://hook.example/',
      'file:///etc/passwd',
      'gopher://127.0.0.1:6379/_FLUSHALL',
      'data:text/plain,x',
      'javascript:alert(1)',
      'unix:/run/docker.sock',
      'http://',
      'http://hook.example:65536/',
      'http://256.256.256.256/',
      'http://hook example/',
      'http://[::1/',
      'http://[fe80::1%25eth0]/',
    ],
    'must not contain a user name or a password': [
      'https://jane@hook.example/',
      'https://jane:secret@hook.example/',
      'https://:secret@hook.example/',
      'https://hook.example:443@127.0.0.1/',
    ],
    'must not lead to a private or reserved address (the server allows it with NDOTO_WEBHOOK_ALLOW_PRIVATE=true)':
      [
        'http://127.0.0.1/',
        'http://169.254.169.254/latest/meta-data/',
        'http://2130706433/',
        'http://0x7f.1/',
        'http://[::1]:3000/',
        'http://[::ffff:10.0.0.1]/',
        'http://localhost:3000/',
        'http://LOCALHOST./',
        'http://api.localhost/',
      ],
  })) {
    it(`is otherwise refused: it ${reason}`, () => {
      for (const url of urls) assert.equal(urlProblem(url), reason, url)
    })
  }

  it('may be a private address if that is allowed, but must still be a valid URL', () => {
    assert.equal(urlProblem('http://127.0.0.1:3000/hook', true), null)
    assert.equal(urlProblem('http://localhost/', true), null)
    assert.equal(urlProblem('ftp://127.0.0.1/', true), 'must be an http:// or https:// URL')
    assert.match(urlProblem('http://jane@localhost/', true)!, /user name/)
  })
})

describe('The addresses of a host', () => {
  const parsed = (url: string) => {
    const destination = parseDestination(url, true)
    assert.ok('host' in destination)
    return destination
  }
  const resolving =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address }))

  it('are those that its name resolves to', async () => {
    const found = await resolveAddresses(
      parsed('https://hook.example'),
      false,
      resolving('1.1.1.1', '2606:4700::1'),
    )
    assert.deepEqual(found, [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
  })

  it('are the address itself if it is one, without a lookup', async () => {
    const nobody = () => assert.fail('was asked')
    const found = [
      await resolveAddresses(parsed('http://1.1.1.1'), false, nobody),
      await resolveAddresses(parsed('http://[2606:4700::1]'), false, nobody),
    ]
    assert.deepEqual(found, [[{ address: '1.1.1.1', family: 4 }], [{ address: '2606:4700::1', family: 6 }]])
  })

  for (const inside of [
    '10.1.2.3',
    '::1',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
    'fe80::1%eth0',
    '0x01010101',
    '',
  ]) {
    it(`are all blocked if "${inside}" is one of them`, async () => {
      const hook = parsed('https://hook.example')
      assert.equal(await resolveAddresses(hook, false, resolving(inside)), 'blocked')
      assert.equal(await resolveAddresses(hook, false, resolving('1.1.1.1', inside)), 'blocked')
      assert.equal(await resolveAddresses(hook, false, resolving(inside, '2606:4700::1')), 'blocked')
    })
  }

  it('may be private if that is allowed', async () => {
    const found = await resolveAddresses(
      parsed('https://hook.example'),
      true,
      resolving('10.1.2.3', '1.1.1.1'),
    )
    assert.deepEqual(found, [
      { address: '10.1.2.3', family: 4 },
      { address: '1.1.1.1', family: 4 },
    ])
  })

  it('are empty, with the error "dns", if the name has no address or the lookup fails', async () => {
    const hook = parsed('https://hook.example')
    assert.equal(await resolveAddresses(hook, false, resolving()), 'dns')
    assert.equal(await resolveAddresses(hook, false, () => Promise.reject(new Error('SERVFAIL'))), 'dns')
  })

  it('come from the operating system by default', async () => {
    assert.equal(await resolveAddresses(parsed('http://nowhere.invalid'), true), 'dns')
    assert.equal(await resolveAddresses(parsed('http://localhost'), false), 'blocked')
    const found = await resolveAddresses(parsed('http://localhost'), true)
    assert.ok(Array.isArray(found) && found.some(({ address }) => ['127.0.0.1', '::1'].includes(address)))
  })
})
