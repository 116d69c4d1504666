import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encrypt, isPublicKey } from './encryption.ts'

describe('the encryption of push messages', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'

  it('is that of the example in RFC 8291', () => {
    const encrypted = encrypt(
      'When I grow up, I want to be a watermelon',
      { p256dh, auth: 'BTBZMqHH6r4Tts7J_aSIgg' },
      {
        privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
        salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
      },
    )
    assert.equal(
      encrypted.toString('base64url'),
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    )
  })

  it('takes only points of the curve as keys', () => {
    assert.equal(isPublicKey(p256dh), true)
    const other = bytes(p256dh)
    other[64]! ^= 1
    for (const text of ['', 'AA', p256dh.slice(2), other.toString('base64url')]) {
      assert.equal(isPublicKey(text), false, text)
    }
  })
})
