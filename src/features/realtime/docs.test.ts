import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { features } from '../../features.ts'

const page = readFileSync(new URL('../../../docs/realtime.md', import.meta.url), 'utf8')
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
