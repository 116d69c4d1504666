import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { addToList, checkAndTest, copySources, filesOfPage } from '../source-copy.ts'

describe('docs/adding-a-channel.md, followed literally', () => {
  it('adds a channel that its test accepts', (t) => {
    const copy = copySources(t)
    const folder = join(copy, 'src/features/channels/folder')
    mkdirSync(folder)
    const files = filesOfPage('docs/adding-a-channel.md')
    assert.equal(files.length, 2)
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
    addToList(join(copy, 'src/features/channels/list.ts'), 'folder', './folder/channel.ts', 'api, webWidget]')
    const include = ['src/features/channels/list.ts', 'src/features/channels/folder']
    checkAndTest(copy, include, ['src/features/channels/folder/folder.test.ts'])
  })
})
