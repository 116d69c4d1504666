import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressesOf, destinationOf, whyRefused } from './destination.ts'

describe('a URL to call', () => {
  it('is one of the public internet, with any port', () => {
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
      assert.equal(whyRefused(url), null, url)
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
    'must not lead to a private or reserved address': [
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
    it(`${reason}`, () => {
      for (const url of urls) assert.equal(whyRefused(url), reason, url)
    })
  }

  it('may lead inside where private addresses are allowed, and must be a URL even then', () => {
    assert.equal(whyRefused('http://127.0.0.1:3000/hook', true), null)
    assert.equal(whyRefused('http://localhost/', true), null)
    assert.equal(whyRefused('ftp://127.0.0.1/', true), 'must be an http:// or https:// URL')
    assert.match(whyRefused('http://jane@localhost/', true)!, /user name/)
  })
})

describe('the addresses of a host', () => {
  const place = (url: string) => {
    const destination = destinationOf(url, true)
    assert.ok('host' in destination)
    return destination
  }
  const resolving =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address }))

  it('are those that its name has', async () => {
    const found = await addressesOf(
      place('https://hook.example'),
      false,
      resolving('1.1.1.1', '2606:4700::1'),
    )
    assert.deepEqual(found, [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
  })

  it('are the address itself where it is one, and nobody is asked', async () => {
    const nobody = () => assert.fail('was asked')
    const found = [
      await addressesOf(place('http://1.1.1.1'), false, nobody),
      await addressesOf(place('http://[2606:4700::1]'), false, nobody),
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
    it(`are blocked all together where "${inside}" is among them`, async () => {
      const hook = place('https://hook.example')
      assert.equal(await addressesOf(hook, false, resolving(inside)), 'blocked')
      assert.equal(await addressesOf(hook, false, resolving('1.1.1.1', inside)), 'blocked')
      assert.equal(await addressesOf(hook, false, resolving(inside, '2606:4700::1')), 'blocked')
    })
  }

  it('may be inside where that is allowed', async () => {
    const found = await addressesOf(place('https://hook.example'), true, resolving('10.1.2.3', '1.1.1.1'))
    assert.deepEqual(found, [
      { address: '10.1.2.3', family: 4 },
      { address: '1.1.1.1', family: 4 },
    ])
  })

  it('are none where the name has none, or nobody knows', async () => {
    const hook = place('https://hook.example')
    assert.equal(await addressesOf(hook, false, resolving()), 'dns')
    assert.equal(await addressesOf(hook, false, () => Promise.reject(new Error('SERVFAIL'))), 'dns')
  })

  it('are asked of the system', async () => {
    assert.equal(await addressesOf(place('http://nowhere.invalid'), true), 'dns')
    assert.equal(await addressesOf(place('http://localhost'), false), 'blocked')
    const found = await addressesOf(place('http://localhost'), true)
    assert.ok(Array.isArray(found) && found.some(({ address }) => ['127.0.0.1', '::1'].includes(address)))
  })
})
