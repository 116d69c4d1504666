import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PlannedContacts } from './planned-contacts.ts'

describe('The contacts that a check would create', () => {
  it('are found by each of their names among very many, and by no other one', () => {
    const planned = new PlannedContacts()
    const count = 200_000
    for (let index = 0; index < count; index++) planned.set(`email ${index}@example.com`, -index - 1)
    assert.equal(planned.size, count)
    for (let index = 0; index < count; index += 7) {
      assert.equal(planned.get(`email ${index}@example.com`), -index - 1)
      assert.equal(planned.get(`email ${index}@example.org`), undefined)
    }
    planned.set('email 5@example.com', 12)
    assert.deepEqual([planned.get('email 5@example.com'), planned.size], [12, count])
  })
})
