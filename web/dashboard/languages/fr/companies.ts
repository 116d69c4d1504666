import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The page of companies. */
export const companies: Catalogue['companies'] = {
  title: 'Entreprises',
  company: 'Entreprise',
  companyHint: 'Un nom qui n’est pas dans la liste crée une entreprise.',
  search: 'Rechercher des entreprises',
  find: 'Saisissez un nom',
  removeChoice: (name) => `Retirer ${name}`,
  sort: 'Trier par',
  sorts: {
    name: 'Nom',
    '-name': 'Nom, de Z à A',
    '-contacts_count': 'Le plus de contacts',
    contacts_count: 'Le moins de contacts',
    '-created_at': 'Les plus récentes',
    created_at: 'Les plus anciennes',
  },
  contactCount: (count) => plural(count, { one: '# contact', other: '# contacts' }),
  none: 'Aucune entreprise pour le moment',
  notFound: 'Aucune entreprise ne correspond.',
  more: 'Afficher plus',
  choose: 'Choisissez une entreprise pour la voir ici.',
  back: 'Toutes les entreprises',
  create: 'Nouvelle entreprise',
  createIt: 'Créer l’entreprise',
  open: 'Ouvrir l’entreprise',
  details: 'Détails',
  name: 'Nom',
  domain: 'Domaine',
  domainHint:
    'Les nouveaux contacts avec une adresse e-mail de ce domaine appartiennent à l’entreprise : example.com',
  description: 'Description',
  since: 'Créée',
  contacts: 'Contacts',
  noContacts: 'Aucun contact pour le moment',
  conversations: 'Conversations les plus récentes',
  noConversations: 'Aucune conversation que vous pouvez voir',
  remove: 'Supprimer l’entreprise',
  removeTitle: (name) => `Supprimer ${name} ?`,
  removeText: 'Ses contacts restent et n’appartiennent plus à une entreprise. Cette action est irréversible.',
}
