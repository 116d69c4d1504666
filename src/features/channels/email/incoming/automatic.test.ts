import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { automaticReason } from './automatic.ts'

const isAddress = (address: string) => address === 'support@shop.example'
const own = { isAddress, isMessageId: (text: string) => text.includes('<ndoto.') }

function reasonOf(headers: Record<string, string>, address = 'ann@example.com') {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
  return automaticReason({ headers: list, from: { name: null, address } }, own)
}

describe('A mail is automatic', () => {
  it('if it says so, in one of the ways in which programs do', () => {
    const cases: [Record<string, string>, string][] = [
      [{ 'auto-submitted': 'auto-replied (vacation)' }, 'auto-submitted'],
      [{ 'Auto-Submitted': 'auto-generated' }, 'auto-submitted'],
      [{ 'x-autoreply': 'yes' }, 'auto-submitted'],
      [{ 'list-id': 'News <news.example.com>' }, 'list'],
      [{ 'list-unsubscribe': '<https://example.com/>' }, 'list'],
      [{ precedence: 'bulk' }, 'list'],
      [{ precedence: ' Junk' }, 'list'],
      [{ precedence: 'auto_reply' }, 'list'],
      [{ 'return-path': '<>' }, 'no return path'],
      [{ 'x-auto-response-suppress': 'DR, OOF, AutoReply' }, 'suppressed'],
      [{ 'x-auto-response-suppress': 'All' }, 'suppressed'],
      [{ 'message-id': '<ndoto.1.2.3@shop.example>' }, 'own'],
    ]
    for (const [headers, reason] of cases) assert.equal(reasonOf(headers), reason, JSON.stringify(headers))
  })

  it('if nobody reads the mails to its sender', () => {
    const addresses = [
      'MAILER-DAEMON@mx.example.com',
      'postmaster@example.com',
      'no-reply@example.com',
      'noreply+17@example.com',
      'do.not.reply@example.com',
      'bounce-17@example.com',
      'owner-list@example.com',
      'list-request@example.com',
      'MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com',
    ]
    for (const address of addresses) assert.equal(reasonOf({}, address), 'role', address)
    assert.equal(reasonOf({}, 'Support@shop.example'), 'own')
    assert.equal(automaticReason({ headers: [], from: null }, own), 'no sender')
    assert.equal(reasonOf({}, '@example.com'), 'no sender')
  })

  it('but not if a person has written it', () => {
    for (const address of [
      'ann@example.com',
      'noreplyson@example.com',
      'roots@example.com',
      'bo.unce@x.org',
    ]) {
      assert.equal(reasonOf({}, address), undefined, address)
    }
    const headers = {
      'auto-submitted': 'no',
      precedence: 'first-class',
      'return-path': '<ann@example.com>',
      'x-auto-response-suppress': 'RN, NRN',
      'message-id': '<1@example.com>',
      subject: 'My list of wishes',
    }
    assert.equal(reasonOf(headers), undefined)
  })
})
