import type { Random } from './sample-random.ts'

/** A language of the sample account: its most frequent words first, and how often it is spoken. */
interface Language {
  share: number
  words: string[]
  /** The end of a sentence. */
  stop: string
  /** Between words. */
  space: string
}

const words = (text: string) => text.trim().split(/\s+/)

const languages: Record<string, Language> = {
  en: {
    share: 0.55,
    stop: '.',
    space: ' ',
    words:
      words(`the I to my is and a you order it for have not in of on this that with please can we your be are
      was will thanks from at but hello refund delivery when package how so if still address back payment card invoice
      account would like new get number date just any been password email today working product received send
      return after because customer problem help shipping subscription cancel again tracking wrong broken size
      colour exchange warranty phone app login error update website week tomorrow morning price discount code voucher
      store missing parcel late damaged replacement receipt question urgent thank appreciate regards`),
  },
  de: {
    share: 0.15,
    stop: '.',
    space: ' ',
    words:
      words(`ich die der und zu das nicht ist mit meine Sie es habe für auf bitte den ein wir Bestellung eine an im noch
      von dass kann Rechnung wie wann Lieferung aber danke Ihnen Paket Adresse bei Rückgabe wurde Größe Konto heute
      falsch beschädigt Umtausch Gutschein Straße Kündigung schöne Grüße Zahlung Fehler Passwort geändert`),
  },
  fr: {
    share: 0.12,
    stop: '.',
    space: ' ',
    words:
      words(`je de la le et ma à pas les vous que commande un est une pour en ai mon avec bonjour colis merci sur
      livraison ne mais reçu facture adresse remboursement été numéro compte problème cassé échange taille
      aujourd’hui demain délai retour paiement élève où s’il plaît cordialement`),
  },
  es: {
    share: 0.1,
    stop: '.',
    space: ' ',
    words:
      words(`de mi que el la no pedido en por un hola con gracias los para una es está se ha factura envío pero cuándo
      dirección devolución número cuenta problema recibido tamaño roto cambio mañana todavía pago código también
      ayuda urgente señor año niño`),
  },
  sv: {
    share: 0.04,
    stop: '.',
    space: ' ',
    words:
      words(`jag att och det är inte min en på har för med till ni beställning hej tack kan när leverans paket fel
      adress retur faktura betalning pengarna tillbaka storlek två sönder hjälp måste också över`),
  },
  ar: {
    share: 0.02,
    stop: '.',
    space: ' ',
    words: words(
      `في من لم طلبي على مرحبا شكرا متى يصل الطلب رقم عنوان استرداد المبلغ مشكلة الحساب الدفع اليوم غدا`,
    ),
  },
  ja: {
    share: 0.02,
    stop: '。',
    space: '',
    words: words(
      `注文 の 商品 が まだ 届いて いません 返金 を お願いします 住所 変更 ありがとう ございます 配送 いつ`,
    ),
  },
}

const names = {
  first:
    words(`Amara Björn Chiara Dmitri Élodie Farid Grace Hiroshi Ingrid João Katarzyna Liam María Nguyễn Olivia Priya
    Quentin Rania Søren Thandiwe Uma Viktor Wei Ximena Yusuf Zoë Ahmed Beatrice Carlos Daria Emeka Fatima Gustav Hannah
    Ivan Jasmine Kofi Lucía Mateo Noor`),
  last: words(`Andersson Baptiste Conti Dubois Eriksen Fischer García Haddad Ivanova Jensen Kowalski Larsson Müller Nakamura
    O’Brien Popescu Quispe Rossi Schmidt Tanaka Usman Virtanen Weber Xu Yılmaz Zieliński Adeyemi Bergström Cohen Dlamini
    Estévez Ferreira Gupta Hoffmann Ibrahim Johansson Kaya Lefèvre Moreau Novák`),
}

/** A full name. There are 1,600, so large accounts have namesakes. */
export function nameOf(random: Random): string {
  return `${random.pick(names.first)} ${random.pick(names.last)}`
}

/** Labels with their colours, the most frequent first. */
export const labels = [
  ['delivery', '#1f93ff'],
  ['refund', '#e5484d'],
  ['invoice', '#30a46c'],
  ['damaged', '#f76b15'],
  ['exchange', '#8e4ec6'],
  ['password', '#5b5bd6'],
  ['feedback', '#12a594'],
  ['press', '#978365'],
  ['vip', '#e93d82'],
  ['wholesale', '#ffc53d'],
  ['legal', '#60646c'],
  ['spam', '#a18072'],
] as const

export const teams = ['First line', 'Returns', 'Billing', 'Technical', 'Night shift'] as const

/** Picks the language of a conversation. */
export function languageOf(random: Random): string {
  let rest = random.next()
  const entry = Object.entries(languages).find(([, { share }]) => {
    rest -= share
    return rest < 0
  })
  return entry?.[0] ?? 'en'
}

// The share of words that are not among the frequent ones of the language, and how many of them there are.
const rareShare = 0.12
const rareCount = 60_000

/**
 * A text of a message in a language, of a few words to some sentences. Its words are as frequent as words are: a few are in
 * most texts, most are in few. Some texts contain the number of an order, which is in no other conversation.
 */
export function textOf(language: string, random: Random, order: number): string {
  const { words, stop, space } = languages[language]!
  const count = Math.min(200, Math.max(2, Math.round(13 * random.skewed())))
  const sentences: string[] = []
  let sentence: string[] = []
  for (let index = 0; index < count; index++) {
    const isRare = random.chance(rareShare)
    sentence.push(isRare ? inventedWord(random.rank(rareCount)) : words[random.rank(words.length)]!)
    if (sentence.length < 4 + random.below(12) && index < count - 1) continue
    sentences.push(sentence.join(space) + stop)
    sentence = []
  }
  const text = sentences.map((one) => one[0]!.toUpperCase() + one.slice(1)).join(' ')
  return random.chance(0.1) ? `${text} #${100_000 + order}` : text
}

const syllables = words('ba ko ri ta ne lu mi so da ve pu ga ze fi ro la ten mar sil dor kan bel ver ho')

/** A word that no language has, for names, products and mistakes: the same one for each rank. */
function inventedWord(rank: number): string {
  let word = ''
  for (let rest = rank + 24; rest > 0; rest = Math.floor(rest / 24)) word += syllables[rest % 24]
  return word
}
