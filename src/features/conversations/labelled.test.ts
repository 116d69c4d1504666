import assert from 'node:assert/strict'
import { it } from 'node:test'
import { startTestApp } from '../../../test/app.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

it('A list with two labels has only conversations with both, even if labels share a bit or were removed', async () => {
  await using stack = new AsyncDisposableStack()
  const test = stack.adopt(await startTestApp(), (one) => one.close())
  const post = (path: string, body: object) => test.api(path, { method: 'POST', body })
  // The ids of the first and the last differ by 52.
  for (let id = 1; id <= 53; id++) await post('/labels', { title: `label-${id}` })
  const add = async (...labels: string[]) => {
    const { body } = await post('/conversations', { inbox_id: 1, contact_id: 1 })
    await post(`/conversations/${body.id}/labels`, { labels })
    return body.id as number
  }
  const list = async (...labels: string[]) => {
    const { body } = await test.api(`/conversations?status=all&labels=${labels.join()}`)
    return body.data.payload.map(({ id }: { id: number }) => id)
  }
  // The list is read by the rarer label, the second.
  for (let count = 0; count < 3; count++) await add('label-53')
  await add('label-1', 'label-2')
  const matching = await add('label-2', 'label-53')
  assert.deepEqual(await list('label-2', 'label-53'), [matching])
  await post(`/conversations/${matching}/labels`, { labels: ['label-2'] })
  assert.deepEqual(await list('label-2', 'label-53'), [])
  await assertStoredCounts(test)
})
