import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { features } from '../../features.ts'

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8')
const page = read('realtime')
const events = features.flatMap(({ events }) => events ?? [])

describe('docs/realtime.md', () => {
  it('lists every event that a feature appends, and no other', () => {
    const section = page.split('\n## ').find((text) => text.startsWith('The events'))!
    const [table] = section.split('[The events]')
    const names = [...table!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    assert.deepEqual(
      names,
      events.map(({ name }) => name),
    )
  })
})

describe('docs/webhooks.md', () => {
  it('lists every signal that webhooks can get, and no other', () => {
    const [, section] = read('webhooks').split('\n## Signals\n')
    const [table] = section!.split('\n## ')
    const names = [...table!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    assert.deepEqual(
      names,
      features.flatMap(({ signals }) => signals ?? []).map(({ name }) => name),
    )
  })
})
