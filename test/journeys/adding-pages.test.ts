import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { migrations } from '../../src/migrations.ts'
import { addToList, checkAndTest, copySources, filesOfPage } from '../source-copy.ts'

const version = migrations.length + 1
const number = String(version).padStart(4, '0')

describe('docs/adding-a-feature.md and docs/adding-a-channel.md, followed literally', () => {
  // In one copy, because its types take as long to check as everything else.
  it('add a feature and a channel that their tests accept', (t) => {
    const copy = copySources(t)
    addFeature(copy)
    addChannel(copy)
    const folders = ['src/features/shortcuts', 'src/features/channels/folder']
    const lists = ['src/features.ts', 'src/features/channels/list.ts']
    checkAndTest(
      copy,
      [...lists, ...folders],
      folders.map((folder) => `${folder}/*.test.ts`),
    )
  })
})

function addFeature(copy: string): void {
  const files = filesOfPage('docs/adding-a-feature.md')
  assert.ok(files.length >= 9)
  for (const { name, text } of files) {
    const file = join(copy, 'src/features/shortcuts', name.replace('NNNN', number))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text.replaceAll('version: NNNN', `version: ${version}`).replaceAll('NNNN', number))
  }
  const list = join(copy, 'src/features.ts')
  addToList(list, 'shortcuts', './features/shortcuts/feature.ts', 'importExport,')
}

function addChannel(copy: string): void {
  const folder = join(copy, 'src/features/channels/folder')
  mkdirSync(folder)
  const files = filesOfPage('docs/adding-a-channel.md')
  assert.equal(files.length, 2)
  for (const { name, text } of files) writeFileSync(join(folder, name), text)
  const list = join(copy, 'src/features/channels/list.ts')
  addToList(list, 'folder', './folder/channel.ts', 'api, webWidget, email]')
}
