import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { htmlToText } from './html-text.ts'
import { splitReply } from './reply-text.ts'

const attributions = [
  'On Mon, Jan 5, 2026 at 10:00 AM Jane Doe <jane@example.com> wrote:',
  'On Jan 5, 2026, at 10:00, Jane Doe <jane@example.com>\nwrote:',
  'Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Jane Doe <jane@example.com>:',
  'Am 05.01.2026 um 10:00 schrieb Jane Doe:',
  'Le lun. 5 janv. 2026 à 10:00, Jane Doe <jane@example.com> a écrit :',
  'El lun, 5 ene 2026 a las 10:00, Jane Doe (<jane@example.com>) escribió:',
  'Il giorno lun 5 gen 2026 alle ore 10:00 Jane Doe <jane@example.com> ha scritto:',
  'Em seg., 5 de jan. de 2026 às 10:00, Jane Doe <jane@example.com> escreveu:',
  'Op ma 5 jan 2026 om 10:00 schreef Jane Doe <jane@example.com>:',
  'Den mån 5 jan. 2026 kl 10:00 skrev Jane Doe <jane@example.com>:',
  'man. 5. jan. 2026 kl. 10.00 skrev Jane Doe <jane@example.com>:',
  'ma 5. tammik. 2026 klo 10.00 Jane Doe (jane@example.com) kirjoitti:',
  'pon., 5 sty 2026 o 10:00 Jane Doe <jane@example.com> napisał(a):',
  'po 5. 1. 2026 v 10:00 odesílatel Jane Doe <jane@example.com> napsal:',
  'Jane Doe <jane@example.com> ezt írta (időpont: 2026. jan. 5., H, 10:00):',
  'пн, 5 янв. 2026 г. в 10:00, Jane Doe <jane@example.com>:',
  '5 января 2026 г., 10:00 пользователь Jane написал:',
  'пн, 5 січ. 2026 р. о 10:00 Jane Doe <jane@example.com> пише:',
  'Στις Δευ 5 Ιαν 2026 στις 10:00 ο χρήστης Jane Doe <jane@example.com> έγραψε:',
  '5 Oca 2026 Pzt, saat 10:00 tarihinde Jane Doe <jane@example.com> şunu yazdı:',
  '2026年1月5日(月) 10:00 Jane Doe <jane@example.com>:',
  'Jane Doe <jane@example.com> 于2026年1月5日周一 10:00写道：',
  '2026년 1월 5일 (월) 오전 10:00, Jane Doe <jane@example.com>님이 작성:',
  'ב-5 בינו׳ 2026 בשעה 10:00, ‏Jane Doe <‏jane@example.com‏> כתב:',
]

const copies = [
  '-----Original Message-----\nFrom: Jane\nSent: Monday\nTo: Support\nSubject: Order',
  '________________________________\nFrom: Jane Doe <jane@example.com>\nSent: Monday, January 5, 2026 10:00\nTo: Support\nSubject: Order',
  'Von: Jane Doe\nGesendet: Montag, 5. Januar 2026 10:00\nAn: Support\nBetreff: Bestellung',
  '*De :* Jane Doe\n*Envoyé :* lundi 5 janvier 2026\n*À :* Support\n*Objet :* Commande',
  'От: Jane Doe\nОтправлено: 5 января 2026 г.\nКому: Support\nТема: Заказ',
  '发件人: Jane Doe\n发送时间: 2026年1月5日\n收件人: Support\n主题: 订单',
]

describe('The new text of a mail', () => {
  it('ends before a quotation, whatever the language of the program', () => {
    for (const attribution of attributions) {
      const marked = splitReply(`Thank you.\n\n${attribution}\n> Here it is.\n> Bye\n`)
      assert.deepEqual(marked, {
        text: 'Thank you.',
        quoted: `${attribution}\n> Here it is.\n> Bye`,
        signature: '',
      })
      const copied = splitReply(`Thank you.\n\n${attribution}\n\nHere it is.\n`)
      assert.equal(copied.text, 'Thank you.', attribution)
    }
    for (const copy of copies)
      assert.equal(splitReply(`Thank you.\n\n${copy}\n\nHere it is.`).text, 'Thank you.')
  })

  it('contains answers between quotations', () => {
    const text = 'On Monday 2026 Jane wrote:\n> one?\nyes\n> two?\nno'
    assert.deepEqual(splitReply(text), { text, quoted: '', signature: '' })
  })

  it('contains a mail that is forwarded', () => {
    const text =
      'See below.\n\n---------- Forwarded message ---------\nFrom: Jane\nDate: today\nSubject: Order\n\nmine'
    assert.equal(splitReply(text).text, text)
  })

  it('is all of it if there is nothing but a quotation', () => {
    assert.equal(splitReply('> only this').text, '> only this')
  })

  it('does not contain the signature', () => {
    const { text, signature, quoted } = splitReply('Hello\n\n-- \nJane\nThe Shop\n\nOn 2026 Us wrote:\n> hi')
    assert.deepEqual([text, signature, quoted], ['Hello', 'Jane\nThe Shop', 'On 2026 Us wrote:\n> hi'])
    assert.equal(splitReply('Hello\n\nSent from my iPhone').text, 'Hello')
  })

  it('is not cut at words that only look like the beginning of a quotation', () => {
    for (const text of [
      'She wrote:\nplease call me',
      'From: Berlin\nI travel alone',
      'To: whom it may concern',
    ])
      assert.equal(splitReply(text).text, text)
  })

  it('loses no word, whatever the mail is', () => {
    const line = fc.oneof(
      fc.constantFrom(...attributions, ...copies, '> quoted', '-- ', '', '>', '|', '_____'),
      fc.string({ maxLength: 40 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join('\n')
        const parts = splitReply(text)
        const words = (one: string) =>
          one
            .split(/\s+/)
            .filter((word) => word !== '' && word !== '--')
            .sort()
        const all = `${parts.text}\n${parts.quoted}\n${parts.signature}`
        assert.deepEqual(words(all), words(text))
      }),
    )
  })
})

describe('htmlToText()', () => {
  it('accepts every text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '<!--',
        '-->',
        '<blockquote>',
        '</blockquote>',
        '<a href="x">',
        '&amp;',
        '&#0;',
        '<script>',
      ),
      fc.string({ maxLength: 20 }),
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 50 }),
        (pieces) => typeof htmlToText(pieces.join('')) === 'string',
      ),
    )
  })
})
