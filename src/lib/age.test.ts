import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { skipWithoutCommands, temporaryDirectory } from '../../test/process.ts'
import { fc } from '../../test/random.ts'
import { AgeError, AgeIdentity } from './age.ts'

const identity = new AgeIdentity(Buffer.alloc(32, 7))

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source))
}
const encrypt = (bytes: Buffer, size = 10_000) => collect(identity.encrypt(piecesOf(bytes, size)))
const decrypt = (bytes: Buffer, size = 10_000, by = identity) => collect(by.decrypt(piecesOf(bytes, size)))

const chunk = 65_536
const sizes = [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 200_000]

describe('A stream in the format of age', () => {
  it('is decrypted to what was encrypted, in pieces of any size', async () => {
    for (const size of sizes) {
      const bytes = randomBytes(size)
      assert.deepEqual(await decrypt(await encrypt(bytes, 7000), 999), bytes, `${size} bytes`)
    }
    const input = fc.tuple(
      fc.nat(200_000),
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 50, max: 100_000 }),
    )
    await fc.assert(
      fc.asyncProperty(input, async ([size, written, read]) => {
        const bytes = randomBytes(size)
        assert.ok((await decrypt(await encrypt(bytes, written), read)).equals(bytes))
      }),
      { numRuns: 20 },
    )
  })

  it('is refused if it was cut off anywhere, also between two chunks, or if something follows', async () => {
    const encrypted = await encrypt(randomBytes(2 * chunk))
    const header = encrypted.length - 2 * (chunk + 16)
    const ends = [
      0,
      10,
      60,
      header - 20,
      header - 16,
      header,
      header + 5,
      header + chunk + 16,
      encrypted.length - 1,
    ]
    for (const end of ends) await assert.rejects(decrypt(encrypted.subarray(0, end)), AgeError, String(end))
    await assert.rejects(decrypt(Buffer.concat([encrypted, Buffer.from('x')])), AgeError)
  })

  it('is refused if a bit was changed anywhere, or if chunks have changed places', async () => {
    const encrypted = await encrypt(randomBytes(2 * chunk))
    await fc.assert(
      fc.asyncProperty(fc.nat(encrypted.length * 8 - 1), async (bit) => {
        const changed = Buffer.from(encrypted)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        await assert.rejects(decrypt(changed), AgeError)
      }),
      { numRuns: 100 },
    )
    const header = encrypted.length - 2 * (chunk + 16)
    const parts = [
      encrypted.subarray(0, header),
      encrypted.subarray(-chunk - 16),
      encrypted.subarray(header, -chunk - 16),
    ]
    await assert.rejects(decrypt(Buffer.concat(parts)), AgeError)
  })

  it('is not opened by another key', async () => {
    const other = new AgeIdentity(Buffer.alloc(32, 8))
    await assert.rejects(
      decrypt(await encrypt(Buffer.from('x')), 100, other),
      (error: AgeError) => error.reason === 'key',
    )
  })

  it('is read by age itself', { skip: skipWithoutCommands('age') }, async (t) => {
    const folder = temporaryDirectory(t)
    writeFileSync(join(folder, 'key.txt'), `${identity}\n`)
    for (const size of sizes) {
      const bytes = randomBytes(size)
      writeFileSync(join(folder, 'file.age'), await encrypt(bytes))
      const args = ['--decrypt', '--identity', join(folder, 'key.txt'), join(folder, 'file.age')]
      const { status, stdout, stderr } = spawnSync('age', args)
      assert.equal(status, 0, String(stderr))
      assert.ok(stdout.equals(bytes), `${size} bytes`)
    }
  })

  it('has an identity as age writes it', () => {
    // `age-keygen -y` reads this line.
    const line = 'AGE-SECRET-KEY-1QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSKMP32K'
    assert.equal(identity.toString(), line)
  })
})
