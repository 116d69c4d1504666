import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addMessages, addTestConversation } from '../../../test/factories.ts'
import { assertOthersWrite } from '../../../test/meanwhile.ts'
import { systemOf } from '../../lib/actor.ts'
import { continueMove } from './steps.ts'

describe('A merge of many messages', () => {
  it('lets others write meanwhile, and is finished by the server if it was interrupted', async () => {
    const test = await startTestApp()
    const first = await addTestConversation(test)
    const { contact, inbox_id, last_activity_at } = (await test.api(`/conversations/${first}`)).body
    const begin = { method: 'POST', body: { inbox_id, contact_id: contact.id } }
    const { id: second } = (await test.api('/conversations', begin)).body
    const rows = Array.from({ length: 3000 }, () => ({ created_at: last_activity_at * 1000 }))
    await addMessages(test, second, rows)
    const body = { mergee_conversation_id: second }
    const merging = test.api(`/conversations/${first}/merge`, { method: 'POST', body })
    await assertOthersWrite(test, merging)
    const count = async (id: number) => {
      const all = test.app.database.read.sql.selectFrom('messages').select('id')
      return (await all.where('conversation_id', '=', id).execute()).length
    }
    assert.deepEqual([await count(first), await count(second)], [3000, 0])
    // As if the process that undoes it had been killed after its first transaction.
    await test.app.database.transaction(1, async (tx) => {
      await tx.sql.updateTable('conversation_moves').set({ status: 'undoing', updated_at: 1 }).execute()
      await continueMove(tx, systemOf(1), { account_id: 1, id: 1 }, () => true)
      await tx.sql.updateTable('conversation_moves').set({ updated_at: 1 }).execute()
    })
    assert.ok((await count(first)) > 2000)
    const isUndone = async () => (await test.api(`/conversations/${second}`)).body.merged_into_id === null
    await eventually(isUndone, 'the end of what was interrupted')
    assert.deepEqual([await count(first), await count(second)], [0, 3000])
    await test.close()
  })
})
