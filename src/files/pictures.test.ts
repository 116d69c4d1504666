import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { picture } from '../../test/files.ts'
import { skipWithoutCommands } from '../../test/process.ts'
import { PictureReader } from './pictures.ts'

describe('the process that decodes pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ndoto-pictures-'))
  const reader = new PictureReader()
  after(() => {
    reader.close()
    rmSync(folder, { recursive: true })
  })
  const at = (name: string) => ({ path: join(folder, name), thumbnail: join(folder, `${name}.thumbnail`) })
  const read = (name: string, milliseconds = 30_000) =>
    reader.read(at(name), AbortSignal.timeout(milliseconds))
  const good = { width: 40, height: 20, hasThumbnail: true }

  it('reads one picture after the other', async () => {
    writeFileSync(at('good').path, await picture(40, 20))
    assert.deepEqual(await Promise.all([read('good'), read('good')]), [good, good])
    assert.ok(existsSync(at('good').thumbnail))
  })

  it('does not read formats that browsers do not show', async () => {
    writeFileSync(at('svg').path, '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
    assert.deepEqual(await read('svg'), { width: null, height: null, hasThumbnail: false })
    assert.ok(!existsSync(at('svg').thumbnail))
  })

  it('is started again by the next picture after it has ended', async () => {
    reader.close()
    assert.deepEqual(await read('good'), good)
  })

  describe('when a picture takes forever', { skip: skipWithoutCommands('mkfifo') }, () => {
    it('is killed in time, and the next picture is read', async () => {
      execFileSync('mkfifo', [at('endless').path])
      const start = performance.now()
      const endless = read('endless', 2500)
      const others = await Promise.all(Array.from({ length: 30 }, () => read('good', 200)))
      assert.ok(performance.now() - start < 2000, 'the others waited for it')
      assert.deepEqual(new Set(others), new Set([undefined]))
      const next = read('good')
      assert.equal(await endless, undefined)
      assert.deepEqual(await next, good)
    })

    it('refuses another picture while twenty are waiting', async () => {
      const waiting = Array.from({ length: 20 }, () => read('endless', 1500))
      const start = performance.now()
      assert.equal(await read('good'), undefined)
      assert.ok(performance.now() - start < 1000)
      assert.deepEqual(new Set(await Promise.all(waiting)), new Set([undefined]))
      assert.deepEqual(await read('good'), good)
    })
  })
})
