import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'Unternehmen',
  company: 'Unternehmen',
  companyHint: 'Ein Name, der nicht in der Liste steht, legt ein Unternehmen an.',
  search: 'Unternehmen suchen',
  find: 'Namen eingeben',
  removeChoice: (name) => `${name} entfernen`,
  sort: 'Sortieren nach',
  sorts: {
    name: 'Name',
    '-name': 'Name, von Z bis A',
    '-contacts_count': 'Meiste Kontakte',
    contacts_count: 'Wenigste Kontakte',
    '-created_at': 'Neueste',
    created_at: 'Älteste',
  },
  contactCount: (count) => plural(count, { one: '# Kontakt', other: '# Kontakte' }),
  none: 'Noch keine Unternehmen',
  notFound: 'Kein Unternehmen passt.',
  more: 'Mehr anzeigen',
  choose: 'Wählen Sie ein Unternehmen, um es hier zu sehen.',
  back: 'Alle Unternehmen',
  create: 'Neues Unternehmen',
  createIt: 'Unternehmen anlegen',
  open: 'Unternehmen öffnen',
  details: 'Details',
  name: 'Name',
  domain: 'Domain',
  domainHint: 'Neue Kontakte mit einer E-Mail-Adresse dieser Domain gehören zum Unternehmen: example.com',
  description: 'Beschreibung',
  since: 'Angelegt',
  contacts: 'Kontakte',
  noContacts: 'Noch keine Kontakte',
  conversations: 'Neueste Unterhaltungen',
  noConversations: 'Keine Unterhaltungen, die Sie sehen können',
  remove: 'Unternehmen löschen',
  removeTitle: (name) => `${name} löschen?`,
  removeText:
    'Seine Kontakte bleiben und gehören zu keinem Unternehmen mehr. Das kann nicht rückgängig gemacht werden.',
}
