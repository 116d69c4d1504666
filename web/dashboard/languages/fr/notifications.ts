import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

export const notificationList: Catalogue['notificationList'] = {
  title: 'Notifications',
  readAll: 'Tout marquer comme lu',
  settings: 'Réglages',
  none: 'Rien de nouveau. Les assignations, les mentions et les messages des conversations que vous suivez apparaissent ici.',
  more: 'Afficher les plus anciennes',
  unread: 'Non lue',
  visitor: 'Visiteur',
  somebody: 'Quelqu’un',
  created: (count) =>
    plural(count, {
      one: '# nouvelle conversation non assignée',
      other: '# nouvelles conversations non assignées',
    }),
  assigned: (who) => `${who} vous l’a assignée`,
  messages: (count) => plural(count, { one: '# nouveau message', other: '# nouveaux messages' }),
  followed: (count) =>
    plural(count, {
      one: '# nouveau message dans une conversation que vous suivez',
      other: '# nouveaux messages dans une conversation que vous suivez',
    }),
  imported: {
    done: 'L’import est terminé',
    stopped: 'L’import a été arrêté',
    failed: 'L’import a échoué',
  },
  checked: {
    done: 'La vérification est terminée',
    stopped: 'La vérification a été arrêtée',
    failed: 'La vérification a échoué',
  },
  importCounts: (stored, known, refused) =>
    `Nouveaux : ${number(stored)} ; déjà connus : ${number(known)} ; refusés : ${number(refused)}`,
  mentioned: (who) => `${who} vous a mentionné`,
}

export const mentions: Catalogue['mentions'] = {
  title: 'Mentionner',
  team: 'Équipe',
  count: (count) => plural(count, { one: '# nom', other: '# noms' }),
  none: (query) => `Personne du nom de « ${query} » ne voit cette conversation. Échap ferme cette liste.`,
}

type Dashboard = NonNullable<Catalogue['dashboard']>

export const participants: Dashboard['participants'] = {
  title: 'Participants',
  hint: 'Ils sont avertis des nouveaux messages.',
  none: 'Personne ne suit cette conversation.',
  follow: 'Suivre',
  leave: 'Ne plus suivre',
  add: 'Ajouter un participant…',
  remove: (name) => `Retirer ${name} des participants`,
}

type Settings = NonNullable<Catalogue['settings']>

export const kinds: NonNullable<Settings['notifications']>['kinds'] = {
  title: 'Sur tous vos appareils',
  lead: 'Ce que vous faites vous-même n’y figure pas. Ce que vous lisez sur un appareil est lu sur tous.',
  type: 'Quand',
  types: {
    conversation_assignment: 'Une conversation m’est assignée',
    assigned_conversation_new_message: 'Un nouveau message dans une de mes conversations',
    conversation_mention: 'Une note me mentionne, moi ou mon équipe',
    participating_conversation_new_message: 'Un nouveau message dans une conversation que je suis',
    conversation_creation: 'Une nouvelle conversation n’est assignée à personne',
    import_finished: 'Mon import de contacts est terminé',
  },
  channels: { app: 'Liste', email: 'E-mail', push: 'Push' },
  box: (type, channel) => `${type} : ${channel}`,
  emailHint:
    'Un e-mail part si vous ne l’avez pas vu après 10 minutes, au plus un par heure. Il ne contient pas ce qui a été écrit.',
  noEmail: 'L’e-mail exige un serveur de messagerie. Adressez-vous à la personne qui gère ce serveur.',
  quiet: 'Heures calmes',
  quietHint: 'Chaque jour entre ces heures, les e-mails et les push attendent.',
  from: 'De',
  to: 'À',
  zone: 'Fuseau horaire',
}
