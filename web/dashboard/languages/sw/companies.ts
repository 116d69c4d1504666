import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'Kampuni',
  company: 'Kampuni',
  companyHint: 'Jina ambalo halipo kwenye orodha huunda kampuni.',
  search: 'Tafuta kampuni',
  sort: 'Panga kwa',
  sorts: {
    name: 'Jina',
    '-name': 'Jina, kutoka Z hadi A',
    '-contacts_count': 'Wawasiliani wengi zaidi',
    contacts_count: 'Wawasiliani wachache zaidi',
  },
  contactCount: (count) => plural(count, { one: 'Mwasiliani #', other: 'Wawasiliani #' }),
  none: 'Bado hakuna kampuni',
  notFound: 'Hakuna kampuni inayolingana.',
  more: 'Onyesha zaidi',
  choose: 'Chagua kampuni ili kuiona hapa.',
  back: 'Kampuni zote',
  create: 'Kampuni mpya',
  createIt: 'Unda kampuni',
  open: 'Fungua kampuni',
  details: 'Maelezo',
  name: 'Jina',
  domain: 'Kikoa',
  domainHint: 'Wawasiliani wapya wenye anwani ya barua pepe ya kikoa hiki ni wa kampuni hii: example.com',
  description: 'Ufafanuzi',
  since: 'Imeundwa',
  contacts: 'Wawasiliani',
  noContacts: 'Bado hakuna wawasiliani',
  conversations: 'Mazungumzo mapya zaidi',
  noConversations: 'Hakuna mazungumzo unayoweza kuona',
  remove: 'Futa kampuni',
  removeTitle: (name) => `Ufute ${name}?`,
  removeText: 'Wawasiliani wake hubaki, na hawatakuwa tena wa kampuni yoyote. Hili haliwezi kutenduliwa.',
}
