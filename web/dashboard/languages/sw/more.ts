import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>
type Settings = NonNullable<Catalogue['settings']>

export const participants: Dashboard['participants'] = {
  title: 'Washiriki',
  hint: 'Huarifiwa kuhusu ujumbe mpya.',
  none: 'Hakuna anayefuata mazungumzo haya.',
  follow: 'Fuata',
  leave: 'Acha kufuata',
  add: 'Ongeza mshiriki…',
  remove: (name) => `Mwondoe ${name} kwenye washiriki`,
}

export const kinds: NonNullable<Settings['notifications']>['kinds'] = {
  title: 'Kwenye vifaa vyako vyote',
  lead: 'Unachofanya wewe mwenyewe hakiorodheshwi. Unachosoma kwenye kifaa kimoja kinakuwa kimesomwa kwenye vyote.',
  type: 'Wakati',
  types: {
    conversation_assignment: 'Nimekabidhiwa mazungumzo',
    assigned_conversation_new_message: 'Ujumbe mpya katika mazungumzo yangu',
    conversation_mention: 'Dokezo linanitaja au linataja timu yangu',
    participating_conversation_new_message: 'Ujumbe mpya katika mazungumzo ninayofuata',
    conversation_creation: 'Mazungumzo mapya hayana mhusika',
    import_finished: 'Uletaji wangu wa wawasiliani umekwisha',
  },
  channels: { app: 'Orodha', email: 'Barua pepe', push: 'Push' },
  box: (type, channel) => `${type}: ${channel}`,
  emailHint:
    'Barua pepe hutumwa ikiwa hujaiona arifa baada ya dakika 10, moja tu kwa saa. Haionyeshi kilichoandikwa.',
  noEmail: 'Barua pepe inahitaji seva ya barua. Mwulize anayesimamia seva hii.',
  quiet: 'Saa za utulivu',
  quietHint: 'Kila siku kati ya saa hizi, barua pepe na arifa za push husubiri.',
  from: 'Kuanzia',
  to: 'Hadi',
  zone: 'Saa za eneo',
}

export const push: Settings['push'] = {
  title: 'Dashibodi inapokuwa imefungwa',
  lead: 'Arifa za push hufika katika kivinjari hiki wakati hakuna ukurasa wa dashibodi uliofunguliwa, na huchukua nafasi ya arifa za eneo-kazi ukurasa ukiwa nyuma.',
  states: {
    on: 'Kivinjari hiki kinaonyesha arifa za push.',
    off: 'Kivinjari hiki hakionyeshi arifa za push.',
  },
  turnOn: 'Washa arifa za push',
  turnOff: 'Zima arifa za push',
  text: 'Onyesha majina na maandishi katika arifa za push',
  textHint: 'Kifaa chako kinaweza kuyaonyesha skrini ikiwa imefungwa.',
  test: 'Tuma arifa ya majaribio',
  tested: 'Arifa ya majaribio iko njiani.',
  unsupported:
    'Kivinjari hiki hakiwezi kuonyesha arifa za push hapa. Zinahitaji https. Kwenye iPhone au iPad, ongeza kwanza dashibodi kwenye skrini ya mwanzo.',
  denied: 'Kivinjari chako kinazuia arifa za ukurasa huu. Ziruhusu katika mipangilio yake kwa tovuti hii.',
  unreachable: 'Kivinjari hakikuweza kufikia huduma yake ya push. Jaribu tena baadaye.',
}

export const moves: Catalogue['moves'] = {
  title: 'Unganisha mazungumzo mengine na haya',
  search: 'Tafuta mazungumzo ya mwasiliani huyu',
  choose: 'Mazungumzo ya mwasiliani huyu katika kikasha hiki',
  none: 'Mwasiliani huyu hana mazungumzo mengine katika kikasha hiki.',
  noMatch: 'Hakuna mazungumzo yanayolingana.',
  more: 'Onyesha zaidi',
  preview: (id, into) => `Unganisha #${id} na #${into}`,
  explanation: (id, into) =>
    `Ujumbe wa #${id} unaonyeshwa katika #${into}, kwa mpangilio wa wakati. Mazungumzo #${id} yanatatuliwa, na majibu kwayo yanafika katika #${into}. Unaweza kutendua hili kwa siku 7.`,
  stays: 'Mazungumzo haya',
  goes: 'Yanayounganishwa nayo',
  noMessages: 'Hakuna ujumbe',
  merge: 'Unganisha',
  others: 'Chagua mengine',
  moves: 'Kuunganishwa na kugawanywa',
  mergedHere: (id, name) => `Mazungumzo #${id} yamejumuishwa hapa na ${name}`,
  splitTo: (id, name) => `Ujumbe umehamishiwa #${id} na ${name}`,
  splitFrom: (id, name) => `Mazungumzo haya yamegawanywa kutoka #${id} na ${name}`,
  count: (count) => plural(count, { other: 'Ujumbe #' }),
  undo: 'Tendua uunganishaji',
  undoSplit: 'Tengua mgawanyo',
  undoneUntil: (when) => `Inaweza kutenduliwa hadi ${when}`,
  server: 'seva',
}

export const mentions: Catalogue['mentions'] = {
  title: 'Taja',
  team: 'Timu',
  count: (count) => plural(count, { one: 'Jina #', other: 'Majina #' }),
  none: (query) => `Hakuna mtu aitwaye “${query}” anayeona mazungumzo haya. Esc hufunga orodha hii.`,
}

export const notificationList: Catalogue['notificationList'] = {
  title: 'Arifa',
  readAll: 'Weka zote zimesomwa',
  settings: 'Mipangilio',
  none: 'Hakuna jipya. Unachokabidhiwa, unapotajwa na ujumbe katika mazungumzo unayofuata huonekana hapa.',
  more: 'Onyesha za zamani',
  unread: 'Haijasomwa',
  visitor: 'Mgeni',
  somebody: 'Mtu fulani',
  created: (count) => plural(count, { other: 'Mazungumzo mapya # bila mhusika' }),
  assigned: (who) => `${who} amekukabidhi mazungumzo haya`,
  messages: (count) => plural(count, { other: 'Ujumbe mpya #' }),
  followed: (count) => plural(count, { other: 'Ujumbe mpya # katika mazungumzo unayofuata' }),
  imported: {
    done: 'Uletaji umekamilika',
    stopped: 'Uletaji umesimamishwa',
    failed: 'Uletaji umeshindwa',
  },
  checked: {
    done: 'Ukaguzi umekamilika',
    stopped: 'Ukaguzi umesimamishwa',
    failed: 'Ukaguzi umeshindwa',
  },
  importCounts: (stored, known, refused) =>
    `Wapya: ${number(stored)}; waliopo tayari: ${number(known)}; waliokataliwa: ${number(refused)}`,
  mentioned: (who) => `${who} amekutaja`,
}
