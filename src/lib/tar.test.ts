import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type Scope, skipWithoutCommands, temporaryDirectory } from '../../test/process.ts'
import { pack, TarError, unpack } from './tar.ts'

const sizes = [0, 1, 511, 512, 513, 300_000]

function createFiles(t: Scope) {
  const folder = temporaryDirectory(t)
  const files = sizes.map((size, index) => {
    const file = { name: `folder/${index}/name`, path: join(folder, String(index)), bytes: randomBytes(size) }
    writeFileSync(file.path, file.bytes)
    return file
  })
  return { folder, files }
}

async function* piecesOf(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const packed = async (...args: Parameters<typeof pack>) => Buffer.concat(await Array.fromAsync(pack(...args)))
const always = () => true

describe('A tar archive', () => {
  it('is unpacked to the same files, without those that did not exist', async (t) => {
    const { folder, files } = createFiles(t)
    const missing: string[] = []
    const lost = { name: 'lost', path: join(folder, 'lost') }
    const archive = await packed([...files, lost], ({ name }) => missing.push(name))
    assert.deepEqual(missing, ['lost'])
    for (const size of [61, 511, 100_000]) {
      const target = join(folder, `unpacked ${size}`)
      assert.equal(await unpack(piecesOf(archive, size), target, always), files.length)
      for (const { name, bytes } of files) assert.deepEqual(readFileSync(join(target, name)), bytes)
    }
  })

  it('is read by tar', { skip: skipWithoutCommands('tar') }, async (t) => {
    const { folder, files } = createFiles(t)
    const target = join(folder, 'unpacked')
    mkdirSync(target)
    const { status, stderr } = spawnSync('tar', ['x', '-C', target], { input: await packed(files) })
    assert.equal(status, 0, String(stderr))
    for (const { name, bytes } of files) assert.deepEqual(readFileSync(join(target, name)), bytes)
  })

  it('is refused if it is cut off or damaged, or has another file', async (t) => {
    const { folder, files } = createFiles(t)
    const archive = await packed(files)
    const target = (name: string) => join(folder, name)
    for (const end of [100, 512, 2000, archive.length - 1024])
      await assert.rejects(unpack(piecesOf(archive.subarray(0, end)), target(`${end}`), always), TarError)
    const changed = Buffer.from(archive)
    changed[3]! ^= 1
    await assert.rejects(unpack(piecesOf(changed), target('changed'), always), TarError)
    const isAllowed = (name: string) => name !== 'folder/5/name'
    await assert.rejects(unpack(piecesOf(archive), target('other'), isAllowed), /contains "folder\/5\/name"/)
    await assert.rejects(packed([{ name: 'x'.repeat(101), path: files[1]!.path }]), /too long/)
  })

  it('is not written if a file becomes shorter', async (t) => {
    const { files } = createFiles(t)
    const large = files.at(-1)!
    const read = async () => {
      for await (const chunk of pack([large])) if (chunk.length === 512) truncateSync(large.path, 10)
    }
    await assert.rejects(read, /has become shorter/)
  })
})
