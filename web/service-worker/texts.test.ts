import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { PushMessage } from '../../src/features/push/schema.ts'
import { worded } from './texts.ts'

const message: PushMessage = {
  ...{ tag: '1-2', kind: 'assigned_conversation_new_message', account_id: 1, path: '/conversations/7' },
  ...{ conversation_id: 7, count: 1200 },
}

it('Push messages are worded in the language of their user, then in that of the browser, then in English', () => {
  const german = {
    title: 'Neue Nachricht',
    body: 'Unterhaltung #7 · 1.200 neue Nachrichten',
  }
  assert.deepEqual(worded({ ...message, language: 'de' }, ['fr']), { ...german, lang: 'de' })
  assert.deepEqual(worded(message, ['tlh', 'de-AT', 'fr']), { ...german, lang: 'de' })
  for (const language of [undefined, 'tlh', 'constructor'])
    assert.equal(worded({ ...message, ...(language && { language }) }, ['tlh']).title, 'New message')
})

it('Push messages have different words in each language, and the same digits', () => {
  const all = ['en', 'ar', 'de', 'es', 'fr', 'pt-BR', 'sw'].map((language) =>
    worded({ ...message, language }, []),
  )
  assert.equal(new Set(all.map(({ body }) => body)).size, all.length)
  for (const { body } of all) assert.match(body, /#7 · .*1.?200/u)
})

it('Push messages show names and texts if they have them', () => {
  const { title, body } = worded({ ...message, name: 'Ada', text: 'Hello?', language: 'de' }, [])
  assert.deepEqual([title, body], ['Ada', 'Hello?'])
})

it('Push messages about an import have its file and no conversation', () => {
  const ended: PushMessage = { tag: '1-3', kind: 'import_finished', account_id: 1, path: '/contacts/import' }
  assert.deepEqual(worded(ended, []), { title: 'An import of contacts has ended', body: '', lang: 'en' })
  const named = { title: 'people.csv', body: 'An import of contacts has ended', lang: 'en' }
  assert.deepEqual(worded({ ...ended, name: 'people.csv' }, []), named)
})
