/*
 * The words with which mail programs introduce what they quote, in the languages that they speak. Every pattern is tested on
 * a bounded piece of text.
 */

// "wrote" at the end of a line such as "On Monday, Jane wrote:".
const wrote = [
  ...[
    'wrote',
    'writes',
    'schrieb',
    'schrieb am',
    'geschrieben',
    'a écrit',
    'écrivit',
    'escribió',
    'va escriure',
  ],
  ...[
    'ha scritto',
    'scrisse',
    'escreveu',
    'schreef',
    'geschreven',
    'het volgende geschreven',
    'skrev',
    'skreiv',
  ],
  ...['kirjoitti', 'kirjutas', 'napisał', 'napisała', 'napisał\\(a\\)', 'pisze', 'napsal', 'napsal\\(a\\)'],
  ...[
    'napísal',
    'napísal\\(a\\)',
    'napisao',
    'napisala',
    'je napisal',
    'je napisala',
    'je napisao/la',
    'írta',
    'írta \\([^()]{0,50}\\)',
  ],
  ...[
    'a scris',
    'написал',
    'написала',
    'написал\\(а\\)',
    'пишет',
    'пише',
    'написав',
    'написа',
    'έγραψε',
    'yazdı',
  ],
  ...[
    'rašė',
    'rakstīja',
    'skrifaði',
    'shkroi',
    'menulis',
    'đã viết',
    'viết',
    'เขียนว่า',
    '写道',
    '寫道',
    '님이 작성',
  ],
  ...['כתב', 'כתבה', 'כתב/ה', 'كتب', 'نوشت', 'ने लिखा', 'さんは書きました'],
]
const endsInWrote = new RegExp(`(?:${wrote.join('|')})\\s{0,3}(?:$|:$|：$)`, 'iu')

// In German and other languages the name comes after the word: "Am 5.1.2026 um 10:00 schrieb Jane Doe:".
const endsInName = new RegExp(
  `(?:^|\\s)(?:${wrote.join('|')})\\s[^:：]{0,100}(?:\\d[:.]\\d{2}\\)?)?[:：]$`,
  'iu',
)

// Gmail and others end the line with the address in every language: "… 10:00 Jane <jane@example.com>:".
function endsInAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (!/[^\s<>]/.test(text.charAt(at - 1)) || !/[:：]$/.test(text)) return false
  const [domain = '', ...words] = text
    .slice(at + 1, -1)
    .trimEnd()
    .split(/\s+/)
  return /^[^<>]/.test(domain) && words.length <= wordsAfterAddress
}
const wordsAfterAddress = 3
const hasTime = /\d{1,2}[:.h]\d{2}|\d{4}/u

const longestAttribution = 400

/** Whether an attribution such as "On Monday, Jane wrote:" begins at a line; then the index of the line after it. */
export function isAttribution(lines: readonly string[], index: number): number | undefined {
  let text = ''
  for (let end = index; end < Math.min(index + 3, lines.length); end++) {
    const line = lines[end]!.replace(/\u00a0|\u202f/g, ' ').trim()
    if (line === '' || line.length > longestAttribution) return undefined
    text = `${text} ${line}`.trimStart()
    if (text.length > longestAttribution) return undefined
    if (!/[:：]$|作成$|작성$/.test(line) && !endsInWrote.test(line)) continue
    const isWrote = endsInWrote.test(text.slice(-60)) && /\d|@/.test(text)
    const isNamed = hasTime.test(text) && endsInName.test(text.slice(-160))
    if (isWrote || isNamed || (endsInAddress(text) && hasTime.test(text))) return end + 1
  }
  return undefined
}

const original = [
  ...[
    'original message',
    'ursprüngliche nachricht',
    'originalnachricht',
    'message d.origine',
    'message original',
  ],
  ...[
    'mensaje original',
    'mensagem original',
    'messaggio originale',
    'oorspronkelijk bericht',
    'originalmeddelande',
  ],
  ...['oprindelig meddelelse', 'opprinnelig melding', 'alkuperäinen viesti', 'wiadomość oryginalna'],
  ...['původní zpráva', 'pôvodná správa', 'eredeti üzenet', 'mesaj original', 'исходное сообщение'],
  ...['пересылаемое сообщение', 'оригінальне повідомлення', 'αρχικό μήνυμα', 'özgün ileti', 'orijinal mesaj'],
  ...['原始邮件', '原始郵件', '元のメッセージ', '원본 메시지', 'reply message', 'antwort nachricht'],
]
/** A line such as `-----Original Message-----`. */
export const separator = new RegExp(`^[-_* ]{2,40}\\s?(?:${original.join('|')})\\s?[-_* ]{0,40}:?$`, 'iu')

const forwarded = [
  ...['forwarded message', 'weitergeleitete nachricht', 'message transféré'],
  ...['message transmis', 'mensaje reenviado', 'mensagem encaminhada', 'messaggio inoltrato'],
  ...['doorgestuurd bericht', 'vidarebefordrat meddelande', 'videresendt', 'wiadomość przekazana'],
  ...[
    'przekazana wiadomość',
    'přeposlaná zpráva',
    'továbbított üzenet',
    'пересланное сообщение',
    'iletilen mesaj',
  ],
  ...['转发的邮件', '轉寄的郵件', '転送メッセージ', '전달된 메시지', 'edelleenlähetetty viesti'],
]
/** A line above a mail that was forwarded: its text is what the sender wants to show. */
export const forwardMark = new RegExp(`^[-_* ]{0,40}\\s?(?:begin )?(?:${forwarded.join('|')})`, 'iu')

const labels = {
  from: 'from|von|de|da|van|från|fra|frá|lähettäjä|od|feladó|kimden|gönderen|от|від|από|de la|saatja|nuo|dari|từ|发件人|寄件者|差出人|보낸 사람|보낸사람|מאת|من',
  date: 'sent|date|gesendet|datum|envoyé|enviado|enviado el|enviada|enviada em|fecha|data|inviato|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|wysłano|odesláno|odoslané|elküldve|gönderildi|tarih|trimis|дата|отправлено|надіслано|ημερομηνία|发送时间|日期|傳送時間|送信日時|日付|보낸 날짜|날짜|נשלח|تاريخ',
  to: 'to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|címzett|kime|alıcı|către|кому|προς|收件人|宛先|받는 사람|받는사람|אל|إلى|cc|kopie|copie|kopia',
  subject:
    'subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|tárgy|konu|subiect|тема|θέμα|主题|主旨|件名|제목|נושא|الموضوع',
}
const label = Object.entries(labels).map(
  ([name, words]) =>
    [name, new RegExp(`^[*_]{0,2}(?:${words})\\s{0,2}[*_]{0,2}\\s{0,2}[:：]`, 'iu')] as const,
)

/** Whether the header of a copied mail begins at a line: who wrote it, and at least two of when, to whom and about what. */
export function isHeaderBlock(lines: readonly string[], index: number): boolean {
  const nameOf = (line: string) => label.find(([, form]) => form.test(line.slice(0, 40)))?.[0]
  if (nameOf(lines[index]!) !== 'from') return false
  const names = lines.slice(index + 1, index + 9).map(nameOf)
  return new Set(names.filter((name) => name && name !== 'from')).size >= 2
}

const mobile = [
  ...[
    'sent from my',
    'sent from mail',
    'sent from outlook',
    'sent via',
    'get outlook for',
    'von meinem',
    'gesendet von',
  ],
  ...[
    'gesendet mit',
    'envoyé de mon',
    'envoyé depuis',
    'enviado desde',
    'enviado do meu',
    'inviato da',
    'verstuurd vanaf',
  ],
  ...[
    'verzonden vanaf',
    'skickat från',
    'sendt fra',
    'lähetetty',
    'wysłane z',
    'odesláno z',
    'отправлено с',
    '从我的',
  ],
  ...['iphoneから送信', '나의 iphone'],
]
const isMobile = new RegExp(`^(?:${mobile.join('|')})(?:\\s|$)`, 'iu')

/** Whether a line is what telephones add to each mail. */
export function isMobileSignature(line: string): boolean {
  return line.length < 100 && isMobile.test(line)
}

/** Every pattern that is built from words here, for the test of how long they take. */
export const builtPatterns: readonly RegExp[] = [
  endsInWrote,
  endsInName,
  separator,
  forwardMark,
  isMobile,
  ...label.map(([, form]) => form),
]
