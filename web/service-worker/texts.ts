import type { PushMessage } from '../../src/features/push/schema.ts'
import type { Locale } from '../../src/features/users/schema.ts'

/** The texts of push messages. */
interface Texts {
  /** The title of a notification without names and texts. */
  titles: Record<PushMessage['kind'], string>
  testBody: string
  /** `#` is the number of the conversation. */
  conversation: string
  messages: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
}

/*
 * All languages are here, and not in the files of the dashboard: this program has few texts, and cannot load a file when a
 * message arrives without a network. The words are those of the dashboard.
 */
const texts: Record<Locale, Texts> = {
  en: {
    titles: {
      test: 'Test notification',
      conversation_creation: 'New conversation',
      conversation_assignment: 'A conversation was assigned to you',
      assigned_conversation_new_message: 'New message',
      conversation_mention: 'You were mentioned',
      participating_conversation_new_message: 'New message in a conversation that you follow',
      import_finished: 'An import of contacts has ended',
    },
    testBody: 'This is how you are notified while the dashboard is closed.',
    conversation: 'Conversation #',
    messages: { one: '# new message', other: '# new messages' },
  },
  ar: {
    titles: {
      test: 'إشعار تجريبي',
      conversation_creation: 'محادثة جديدة',
      conversation_assignment: 'أُسندت إليك محادثة',
      assigned_conversation_new_message: 'رسالة جديدة',
      conversation_mention: 'تمت الإشارة إليك',
      participating_conversation_new_message: 'رسالة جديدة في محادثة تتابعها',
      import_finished: 'انتهى استيراد جهات الاتصال',
    },
    testBody: 'هكذا يصلك الإشعار عندما تكون لوحة التحكم مغلقة.',
    conversation: 'المحادثة #',
    messages: {
      zero: 'لا رسائل جديدة',
      one: 'رسالة جديدة واحدة',
      two: 'رسالتان جديدتان',
      few: '# رسائل جديدة',
      many: '# رسالة جديدة',
      other: '# رسالة جديدة',
    },
  },
  de: {
    titles: {
      test: 'Testbenachrichtigung',
      conversation_creation: 'Neue Unterhaltung',
      conversation_assignment: 'Ihnen wurde eine Unterhaltung zugewiesen',
      assigned_conversation_new_message: 'Neue Nachricht',
      conversation_mention: 'Sie wurden erwähnt',
      participating_conversation_new_message: 'Neue Nachricht in einer Unterhaltung, der Sie folgen',
      import_finished: 'Ein Import von Kontakten ist zu Ende',
    },
    testBody: 'So werden Sie benachrichtigt, während das Dashboard geschlossen ist.',
    conversation: 'Unterhaltung #',
    messages: { one: '# neue Nachricht', other: '# neue Nachrichten' },
  },
  es: {
    titles: {
      test: 'Notificación de prueba',
      conversation_creation: 'Nueva conversación',
      conversation_assignment: 'Se te asignó una conversación',
      assigned_conversation_new_message: 'Nuevo mensaje',
      conversation_mention: 'Te mencionaron',
      participating_conversation_new_message: 'Nuevo mensaje en una conversación que sigues',
      import_finished: 'Terminó una importación de contactos',
    },
    testBody: 'Así se te avisa mientras el panel está cerrado.',
    conversation: 'Conversación #',
    messages: { one: '# mensaje nuevo', many: '# de mensajes nuevos', other: '# mensajes nuevos' },
  },
  fr: {
    titles: {
      test: 'Notification de test',
      conversation_creation: 'Nouvelle conversation',
      conversation_assignment: 'Une conversation vous a été assignée',
      assigned_conversation_new_message: 'Nouveau message',
      conversation_mention: 'Vous avez été mentionné',
      participating_conversation_new_message: 'Nouveau message dans une conversation que vous suivez',
      import_finished: 'Un import de contacts est terminé',
    },
    testBody: 'Voici comment vous serez averti quand l’application est fermée.',
    conversation: 'Conversation #',
    messages: {
      one: '# nouveau message',
      many: '# de nouveaux messages',
      other: '# nouveaux messages',
    },
  },
  'pt-BR': {
    titles: {
      test: 'Notificação de teste',
      conversation_creation: 'Nova conversa',
      conversation_assignment: 'Uma conversa foi atribuída a você',
      assigned_conversation_new_message: 'Nova mensagem',
      conversation_mention: 'Você foi mencionado',
      participating_conversation_new_message: 'Nova mensagem em uma conversa que você segue',
      import_finished: 'Uma importação de contatos terminou',
    },
    testBody: 'É assim que você é notificado enquanto o painel está fechado.',
    conversation: 'Conversa #',
    messages: { one: '# nova mensagem', many: '# de novas mensagens', other: '# novas mensagens' },
  },
  sw: {
    titles: {
      test: 'Arifa ya majaribio',
      conversation_creation: 'Mazungumzo mapya',
      conversation_assignment: 'Umekabidhiwa mazungumzo',
      assigned_conversation_new_message: 'Ujumbe mpya',
      conversation_mention: 'Umetajwa',
      participating_conversation_new_message: 'Ujumbe mpya katika mazungumzo unayofuatilia',
      import_finished: 'Uletaji wa wawasiliani umekwisha',
    },
    testBody: 'Hivi ndivyo utakavyoarifiwa dashibodi ikiwa imefungwa.',
    conversation: 'Mazungumzo #',
    messages: { other: 'Ujumbe mpya #' },
  },
}

/** What a notification shows. */
export interface Shown {
  title: string
  body: string
  lang: Locale
}

/** Words a message, in the language that its user has chosen, or in the first of the browser that there is. */
export function worded(message: PushMessage, browser: readonly string[]): Shown {
  const { kind, name, text, language } = message
  const lang = languageOf(language === undefined ? browser : [language, ...browser])
  const own = texts[lang]
  return { title: name ?? own.titles[kind], body: text ?? bodyOf(message, own, lang), lang }
}

function bodyOf({ kind, name, conversation_id, count = 1 }: PushMessage, own: Texts, lang: Locale): string {
  if (kind === 'test') return own.testBody
  const kindOfNews = name === undefined ? [] : [own.titles[kind]]
  const several = count > 1 && /message/.test(kind) ? [numberOf(count, own.messages, lang)] : []
  const subject = conversation_id === undefined ? [] : [`${own.conversation}${conversation_id}`]
  return [...kindOfNews, ...subject, ...several].join(' · ')
}

function numberOf(count: number, forms: Texts['messages'], lang: Locale): string {
  const form = forms[new Intl.PluralRules(lang).select(count)] ?? forms.other
  // Digits as in the rest of the dashboard.
  return form.replace('#', new Intl.NumberFormat(`${lang}-u-nu-latn`).format(count))
}

/** The first of some language tags, such as `de-AT`, for which there are texts, or English. */
function languageOf(tags: readonly string[]): Locale {
  const primary = (tag: string) => tag.toLowerCase().split('-')[0]
  const all = Object.keys(texts) as Locale[]
  return tags.flatMap((tag) => all.find((one) => primary(one) === primary(tag)) ?? [])[0] ?? 'en'
}
