import { list, number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

export const bulk: Dashboard['bulk'] = {
  label: 'Conversations sélectionnées',
  select: (name) => `Sélectionner la conversation avec ${name}`,
  selectLoaded: 'Sélectionner les conversations de la liste',
  count: (count) => plural(count, { one: '# sélectionnée', other: '# sélectionnées' }),
  all: 'Toute la vue est sélectionnée',
  selectAll: 'Sélectionner toute la vue',
  clear: 'Effacer la sélection',
  tooMany: (most) => `Seules les ${number(most)} premières sont modifiées.`,
  action: 'Action',
  choose: 'Choisir une action',
  apply: 'Appliquer',
  groups: {
    status: 'Statut',
    assignee: 'Assigné à',
    team: 'Équipe',
    priority: 'Priorité',
    addLabel: 'Ajouter une étiquette',
    removeLabel: 'Retirer une étiquette',
  },
  resolve: 'Résoudre',
  collecting: 'Collecte des conversations…',
  running: (done, total) => `${number(done)} sur ${number(total)} modifiées`,
  undoing: (done, total) => `${number(done)} sur ${number(total)} annulées`,
  done: (count) => plural(count, { one: '# conversation modifiée', other: '# conversations modifiées' }),
  stopped: (done, total) =>
    `Arrêt après ${number(done)} sur ${plural(total, { one: '# conversation', other: '# conversations' })}`,
  undone: (count) => plural(count, { one: '# conversation rétablie', other: '# conversations rétablies' }),
  failed: (count, why) =>
    `${plural(count, { one: '# conversation non modifiée', other: '# conversations non modifiées' })} : ${why}`,
  kept: (count) =>
    plural(count, {
      one: '# conversation laissée telle quelle, car elle a changé depuis.',
      other: '# conversations laissées telles quelles, car elles ont changé depuis.',
    }),
  capped: 'La vue contient d’autres conversations : répétez l’action pour les suivantes.',
  progress: 'Progression',
  stop: 'Arrêter',
  undo: 'Annuler',
}

export const link: Dashboard['link'] = {
  invitationTitle: 'Bienvenue',
  invitationLead: 'Choisissez un mot de passe pour nous rejoindre.',
  welcome: (name) => `Bienvenue, ${name}`,
  joinAccount: (account, email) =>
    `Choisissez un mot de passe pour rejoindre ${account}. Vous vous connecterez avec ${email}.`,
  expiredTitle: 'Cette invitation n’est plus valable',
  expired:
    'Elle a été utilisée, remplacée ou retirée, ou elle date de plus de 7 jours. Demandez-en une nouvelle à un administrateur.',
  joinTitle: 'Rejoindre avec vos identifiants actuels',
  joinLead:
    'Vous vous connectez déjà ici avec cette adresse, dans un autre compte. Saisissez votre mot de passe actuel et choisissez-en un nouveau. Vous serez déconnecté de tous les navigateurs.',
  currentPassword: 'Mot de passe actuel',
  wrongPassword: 'Ce n’est pas votre mot de passe actuel.',
  passwordTitle: 'Réinitialiser votre mot de passe',
  passwordExpiredTitle: 'Ce lien n’est plus valable',
  passwordExpired:
    'Il a été utilisé ou remplacé, ou il est trop ancien. Demandez-en un nouveau sur la page de connexion.',
  yourName: 'Votre nom (visible par les clients et vos collègues)',
  newPassword: 'Nouveau mot de passe',
  endTokens: 'Révoquer aussi mes jetons d’accès',
  endTokensHint:
    'Les programmes qui les utilisent sont refusés jusqu’à ce que vous leur en donniez de nouveaux.',
  rule: 'Au moins 8 caractères.',
  submit: 'Définir le mot de passe',
  noToken: 'Ce lien est incomplet. Ouvrez-le à nouveau depuis le message que vous avez reçu.',
  done: 'Votre mot de passe est défini. Vous pouvez maintenant vous connecter.',
  emailTitle: 'Confirmer votre adresse e-mail',
  emailLead: 'Vous vous connecterez désormais avec l’adresse à laquelle ce lien a été envoyé.',
  confirm: 'Confirmer',
  emailDone: 'Votre adresse est confirmée. Connectez-vous désormais avec elle.',
  emailExpired:
    'Il a été utilisé ou remplacé, ou il est trop ancien. Changez à nouveau d’adresse dans votre profil.',
  emailTaken: 'Une autre personne se connecte déjà avec cette adresse. Rien n’a été modifié.',
  toDashboard: 'Continuer',
}

export const nav: Dashboard['nav'] = {
  label: 'Navigation principale',
  conversations: 'Conversations',
  contacts: 'Contacts',
  companies: 'Entreprises',
  company: (name) => `Entreprise ${name}`,
  settings: 'Paramètres',
  api: 'API',
  signOut: 'Se déconnecter',
  theme: 'Thème',
  themes: { system: 'Système', light: 'Clair', dark: 'Sombre' },
  commands: 'Commandes',
  account: 'Compte',
  profile: 'Profil',
  skip: 'Aller aux messages',
  skipToList: 'Aller aux conversations',
  skipToContacts: 'Aller aux contacts',
  skipToPage: 'Aller au contenu',
  newTab: (name) => `${name} (s’ouvre dans un nouvel onglet)`,
  unsent: 'Se déconnecter et supprimer les messages non envoyés ?',
  unsentText:
    'Certains messages n’ont pas encore été envoyés. Ils seront supprimés si vous vous déconnectez maintenant.',
}

export const notifications: Dashboard['notifications'] = {
  title: 'Notifications',
  unread: (count) => plural(count, { one: '# non lue', other: '# non lues' }),
  somebody: 'Quelqu’un',
  mentioned: (name) => `${name} vous a mentionné`,
  assigned: (name) => `Assignée à vous : ${name}`,
  muted: 'En sourdine',
  mutedUntil: (time) => `Notifications en sourdine jusqu’à ${time}`,
  noteOf: (name) => `Note privée de ${name}`,
  newMessages: (count) => plural(count, { one: 'Nouveau message', other: '# nouveaux messages' }),
  several: (count) =>
    plural(count, {
      one: 'Nouveaux messages dans # conversation',
      other: 'Nouveaux messages dans # conversations',
    }),
  testTitle: 'Notification de test',
  testBody: 'Voici comment vous serez averti des nouveaux messages.',
}

export const pictures: Dashboard['pictures'] = {
  title: 'Image',
  original: 'Ouvrir dans un nouvel onglet',
  previous: 'Image précédente',
  next: 'Image suivante',
  position: (at, count) => `${number(at)} sur ${number(count)}`,
}

export const undo: Dashboard['undo'] = {
  undo: 'Annuler',
  macro: (name) => `« ${name} » a été exécutée`,
  status: (id, status) => `Conversation #${id} : ${status.toLowerCase()}`,
  assigned: (id) => `L’assignation de #${id} a été modifiée`,
  merged: (id, into) => `#${id} a été fusionnée dans #${into}`,
  split: (id, from) => `#${id} a été séparée de #${from}`,
  deleted: 'Le message a été supprimé',
  sent: 'Le message a été envoyé',
  mailSent: 'L’e-mail part dans un instant',
}

export const visit: Dashboard['visit'] = {
  visitor: (id) => `Visiteur ${id}`,
  title: 'Visite',
  page: 'Page',
  referrer: 'Provenance',
  language: 'Langue',
  browser: 'Navigateur',
  browserOn: (name, system) => `${name} sur ${system}`,
  unknownBrowser: 'Navigateur inconnu',
  seen: 'Dernière visite',
}

export const people = {
  availability: {
    title: 'Disponibilité',
    names: { online: 'En ligne', busy: 'Occupé', offline: 'Hors ligne' },
    hints: {
      online: 'Vos équipes peuvent vous assigner des conversations.',
      busy: 'Vous êtes là, mais vos équipes ne vous assignent rien.',
      offline: 'Les autres vous voient absent, et vos équipes ne vous assignent rien.',
    },
    isNow: (name) => `Votre disponibilité : ${name}`,
  },
  inboxes: {
    none: 'Vous n’êtes encore membre d’aucune boîte de réception.',
    ask: 'Demandez à un administrateur de vous ajouter à l’une d’elles :',
    yours: 'Vos boîtes de réception',
  },
  settingsPages: {
    profile: 'Profil',
    notifications: 'Notifications',
    tokens: 'Jetons d’accès',
    'canned-responses': 'Réponses prédéfinies',
    views: 'Vues',
    macros: 'Macros',
    inboxes: 'Boîtes de réception',
    agents: 'Agents',
    teams: 'Équipes',
    labels: 'Étiquettes',
    'custom-attributes': 'Attributs personnalisés',
    bots: 'Bots',
    webhooks: 'Webhooks',
  },
} satisfies Dashboard

export const conversationList: Dashboard['list'] = {
  title: 'Conversations',
  tabs: { me: 'Les miennes', unassigned: 'Non assignées', all: 'Toutes' },
  search: 'Rechercher',
  status: 'Statut',
  statuses: {
    open: 'Ouverte',
    pending: 'En attente',
    snoozed: 'En veille',
    resolved: 'Résolue',
    all: 'Tous les statuts',
  },
  views: 'Vues',
  manageViews: 'Gérer les vues…',
  noView: 'Cette vue n’existe pas',
  specialLists: { mentioned: 'Mentions', participating: 'Suivies', unattended: 'Sans réponse' },
  leaveView: 'Fermer la vue',
  filters: 'Filtres',
  inbox: 'Boîte de réception',
  team: 'Équipe',
  label: 'Étiquette',
  any: 'Toutes',
  clear: 'Effacer les filtres',
  unread: (count) => plural(count, { one: '# non lu', other: '# non lus' }),
  you: 'Vous : ',
  noMessage: 'Aucun message',
  empty: 'Aucune conversation',
  emptySearch: (q, where) => `Aucun résultat pour « ${q} » ${where}.`,
  everywhere: 'dans toutes les conversations',
  searchHint:
    'La recherche trouve le début des mots des messages et des contacts, et une conversation par #12.',
  searchAll: 'Chercher dans toutes les conversations',
  where: (parts) => `avec ces filtres : ${list(parts)}`,
  isOnly: (name, value) => `${name} : ${value}`,
  removeFilter: (filter) => `Retirer le filtre ${filter}`,
  assignedTo: (name) => `Assignée à ${name}`,
  waiting: (time) => `Attend depuis ${time}`,
  waitingHint: 'Le client a écrit en dernier.',
  minutes: (count) => `${number(count)} min`,
  hours: (count) => `${number(count)} h`,
  days: (count) => `${number(count)} j`,
  writing: (name) => `${name} écrit…`,
  newMail: 'Nouvelle conversation par e-mail',
  ofAll: (count) => plural(count, { one: '# conversation', other: '# conversations' }),
}
