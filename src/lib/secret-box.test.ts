import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Static, Type } from 'typebox'
import { Refusal } from './errors.ts'
import { randomKey } from './key-file.ts'
import { nullable, secretText } from './schema.ts'
import { openedOrNull, SecretBox, type SecretPlace, sealed, secretBox } from './secret-box.ts'
import { mapSecretFields, openFields, sealFields } from './secret-fields.ts'

const place: SecretPlace = { table: 'webhooks', column: 'secret', key: [1, 5] }
const text = 'whsec_ü😀'
const isRefused = (cause: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal)
  assert.equal(error.code, 'unavailable')
  assert.match((error.cause as Error).message, cause)
  assert.ok(!JSON.stringify([error.message, (error.cause as Error).message]).includes('whsec'))
  return true
}

describe('A sealed text', () => {
  const key = randomKey()
  const box = new SecretBox(key)

  it('opens in its place, and differs each time', () => {
    const one = box.seal(text, place)
    assert.equal(box.open(one, place), text)
    assert.match(one, new RegExp(`^sealed:1:${key.id}:[\\w-]+$`))
    assert.notEqual(box.seal(text, place), one)
    assert.equal(box.open(box.seal('', place), place), '')
  })

  it('does not open in another table, column, row or field', () => {
    const one = box.seal(text, place)
    const others = [
      { ...place, table: 'inboxes' },
      { ...place, column: 'previous_secret' },
      { ...place, key: [1, 6] },
      { ...place, key: [15] },
      { ...place, key: ['1', '5'] },
      { ...place, field: 'password' },
    ]
    for (const other of others) assert.throws(() => box.open(one, other), isRefused(/was changed, or moved/))
  })

  it('does not open if one of its characters was changed, or some are missing', () => {
    const one = box.seal(text, place)
    const start = `sealed:1:${key.id}:`.length
    for (let index = start; index < one.length; index++) {
      // Not the lowest bit: the last character has bits that are not decoded.
      const changed = `${one.slice(0, index)}${one[index] === 'A' ? 'Q' : 'A'}${one.slice(index + 1)}`
      assert.throws(() => box.open(changed, place), isRefused(/was changed/), `character ${index}`)
    }
    for (let length = start + 1; length < one.length - 1; length++) {
      assert.throws(() => box.open(one.slice(0, length), place), isRefused(/was changed/))
    }
  })

  it('opens only with its key, which may be the previous one', () => {
    const other = randomKey()
    assert.throws(() => new SecretBox(other).open(box.seal(text, place), place), isRefused(/another key/))
    const both = new SecretBox(other, key)
    assert.equal(both.open(box.seal(text, place), place), text)
    assert.equal(new SecretBox(other).open(both.seal(text, place), place), text)
  })

  it('is refused if it is not sealed, so that nobody can replace it', () => {
    assert.throws(() => box.open('whsec_chosen', place), isRefused(/secret of row 1, 5 .+ is not encrypted/))
    assert.throws(() => box.open(`sealed:2:${key.id}:AAAA`, place), isRefused(/is not encrypted/))
  })

  it('stays null if it is null, and can be read as null if it does not open', () => {
    const queries = { slots: new Map() }
    secretBox.fill(queries, box)
    assert.equal(sealed(queries, null, place), null)
    assert.equal(openedOrNull(queries, null, place), null)
    assert.equal(openedOrNull(queries, 'whsec_chosen', place), null)
    assert.equal(openedOrNull(queries, sealed(queries, text, place), place), text)
  })
})

describe('The secret fields of JSON', () => {
  const Settings = Type.Object({
    host: Type.String(),
    password: secretText(100),
    token: Type.Optional(nullable(secretText(100))),
    imap: Type.Optional(nullable(Type.Object({ user: Type.String(), password: secretText(100) }))),
    keys: Type.Optional(Type.Array(Type.Object({ key: secretText(100) }))),
  })
  const settings: Static<typeof Settings> = {
    host: 'mail',
    password: 'one!',
    token: null,
    imap: { user: 'ada', password: 'two!' },
    keys: [{ key: 'three!' }, { key: 'four!' }],
  }
  const queries = { slots: new Map() }
  secretBox.fill(queries, new SecretBox(randomKey()))
  const column: SecretPlace = { table: 'inboxes', column: 'settings', key: [1, 1] }

  it('are sealed one by one, and nothing else is', () => {
    const stored = sealFields(queries, Settings, settings, column)
    assert.deepEqual([stored.host, stored.token, stored.imap?.user], ['mail', null, 'ada'])
    assert.doesNotMatch(JSON.stringify(stored), /!/)
    assert.deepEqual(openFields(queries, Settings, stored, column), settings)
  })

  it('do not open in the place of another field', () => {
    const { password, ...stored } = sealFields(queries, Settings, settings, column)
    const moved = { ...stored, password: stored.imap!.password }
    assert.throws(
      () => openFields(queries, Settings, moved, column),
      isRefused(/settings \(password\) of row/),
    )
    assert.ok(password)
  })

  it('can be left out of a response', () => {
    const shown = mapSecretFields(Settings, settings, () => null)
    assert.deepEqual(shown, {
      ...settings,
      password: null,
      imap: { user: 'ada', password: null },
      keys: [{ key: null }, { key: null }],
    })
  })

  it('are refused in a schema in which one could be overlooked', () => {
    const Either = Type.Object({ login: Type.Union([Type.Object({ key: secretText(9) }), Type.Null()]) })
    assert.throws(() => sealFields(queries, Either, { login: { key: 'k' } }, column), /login uses anyOf/)
  })
})
