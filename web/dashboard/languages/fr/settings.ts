import type { Catalogue } from '../catalogue.ts'
import { push } from './more.ts'
import { kinds } from './notifications.ts'
import { bots, first, webhooks } from './programs.ts'

type Settings = NonNullable<Catalogue['settings']>

/** The settings, except inboxes, agents, teams and labels (account.ts). */
export const settings: Settings = {
  optional: '(facultatif)',
  save: 'Enregistrer',
  working: 'Veuillez patienter…',
  saved: 'Enregistré',
  copy: 'Copier',
  copied: 'Copié',
  copyWhat: (verb, what) => `${verb} : ${what}`,
  copyByHand:
    'Votre navigateur n’autorise pas la copie. Le texte est sélectionné : appuyez sur Ctrl+C ou ⌘C.',
  never: 'jamais',

  nav: {
    you: 'Vous',
    administratorsOnly: 'Seuls les administrateurs peuvent modifier cette page.',
  },

  profile: {
    lead: 'Comment les clients et vos collègues vous voient, et comment vous vous connectez.',
    aboutYou: 'À propos de vous',
    name: 'Nom',
    nameHint: 'Affiché aux clients au-dessus de vos réponses.',
    language: 'Langue',
    languageLead: 'La langue de l’application, dans tous les navigateurs où vous vous connectez.',
    browserLanguage: (name) => `Navigateur : ${name}`,
    changeLanguage: 'Changer de langue',
    email: 'Adresse e-mail',
    emailLead: (email) =>
      `Vous vous connectez avec ${email}. Une nouvelle adresse prend effet quand vous ouvrez le lien qui y est envoyé.`,
    newEmail: 'Nouvelle adresse e-mail',
    changeEmail: 'Envoyer le lien',
    emailSent: 'Ouvrez le lien du message qui a été envoyé à la nouvelle adresse.',
    password: 'Mot de passe',
    passwordLead: 'Changer de mot de passe vous déconnecte de tous les autres navigateurs.',
    endTokens: 'Révoquer aussi mes jetons d’accès',
    endTokensHint: 'Les programmes qui les utilisent s’arrêtent jusqu’à ce qu’ils en reçoivent de nouveaux.',
    current: 'Mot de passe actuel',
    next: 'Nouveau mot de passe',
    nextHint: 'Au moins 8 caractères.',
    change: 'Changer le mot de passe',
    sessions: 'Où vous êtes connecté',
    sessionsLead:
      'Vous êtes déconnecté 30 jours après votre dernière visite, et au plus tard 90 jours après votre connexion. Si vous ne reconnaissez pas un navigateur, mettez fin à sa session et changez de mot de passe.',
    thisSession: 'Ce navigateur',
    sessionFacts: (used, began) => `dernière utilisation le ${used} · connexion le ${began}`,
    endSession: 'Fermer',
    endSessionOf: (browser) => `Fermer la session : ${browser}`,
    endOthers: 'Fermer toutes les autres sessions',
    endOthersTitle: 'Fermer toutes les autres sessions ?',
    endOthersText: 'Vous êtes immédiatement déconnecté de tous les autres navigateurs.',
  },

  tokens: {
    lead: 'Avec un jeton, un programme agit en votre nom. Il peut ce que vous pouvez, dans la limite de ses droits.',
    none: 'Aucun jeton d’accès',
    list: 'Vos jetons',
    make: 'Créer un jeton',
    makeTitle: 'Nouveau jeton',
    settings: 'Paramètres',
    name: 'Nom',
    nameHint: 'À quoi sert le jeton.',
    namePlaceholder: 'Système de commandes',
    current: 'Votre mot de passe',
    currentHint: 'Nécessaire, car ce jeton peut faire tout ce que vous pouvez faire.',
    scopes: 'Droits',
    scope: { read: 'Lecture', write: 'Lecture et écriture', admin: 'Administration' },
    scopeHints: {
      read: 'Voit tout ce que vous voyez.',
      write: 'Peut aussi envoyer des messages, et modifier conversations et contacts.',
      admin:
        'Peut aussi modifier les boîtes de réception, les agents, les webhooks et tous les autres paramètres.',
    },
    end: 'Expiration',
    ends: {
      0: 'Jamais',
      7: 'Après 7 jours',
      30: 'Après 30 jours',
      90: 'Après 90 jours',
      365: 'Après un an',
    },
    endsAt: (when) => `expire le ${when}`,
    endedAt: (when) => `expiré le ${when}`,
    endsNever: 'n’expire pas',
    usedAt: (when) => `dernière utilisation le ${when}`,
    unused: 'pas encore utilisé',
    createdAt: (when) => `créé le ${when}`,
    all: 'Jetons d’accès',
    allLead:
      'Des programmes les utilisent pour agir au nom d’un membre de ce compte. Retirer un agent révoque ses jetons.',
    noneOfAll: 'Aucun jeton d’accès',
    revokeOneOf: (name, agent) => `Révoquer ${name} de ${agent}`,
    secretTitle: (name) => `Jeton « ${name} »`,
    secretLead: 'Il n’est affiché qu’une fois : copiez-le maintenant et conservez-le en lieu sûr.',
    secret: 'Jeton',
    copied: 'Je l’ai copié',
    revoke: 'Révoquer',
    revokeOne: (name) => `Révoquer ${name}`,
    revokeTitle: (name) => `Révoquer « ${name} » ?`,
    revokeText:
      'Les programmes qui utilisent ce jeton cessent aussitôt de fonctionner. Cette action est définitive.',
  },

  notifications: {
    lead: 'Ce dont vous êtes averti, et comment.',
    kinds,
    about: 'Dans ce navigateur, quand cette page est ouverte',
    topics: 'Conversations',
    topicNames: {
      mine: 'Assignées à moi',
      unassigned: 'Non assignées, dans mes boîtes de réception',
      teams: 'De mes équipes',
      others: 'Toutes les autres que je peux voir',
    },
    topicsHint:
      'Le nombre dans l’onglet du navigateur compte ces conversations tant qu’elles ont des messages non lus. Ne choisissez rien pour désactiver les notifications.',
    notes: 'Aussi les notes privées des collègues dans ces conversations',
    sound: 'Jouer un son',
    soundHint:
      'Les navigateurs l’autorisent après votre premier clic ou votre première touche sur cette page.',
    desktop: 'Afficher des notifications sur le bureau',
    text: 'Afficher le texte du message dans ces notifications',
    textHint: 'Désactivez cette option si d’autres peuvent voir votre écran.',
    permission: 'Autorisation et test',
    permissions: {
      granted: 'Ce navigateur autorise les notifications sur le bureau.',
      default: 'Votre navigateur vous demande d’abord l’autorisation.',
      denied:
        'Votre navigateur bloque les notifications de cette page. Autorisez-les dans ses réglages pour ce site, puis rechargez la page.',
      unsupported: 'Ce navigateur ne peut pas afficher de notifications ici. Elles exigent https.',
    },
    ask: 'Autoriser les notifications',
    test: 'Envoyer une notification de test',
    testSound: 'Jouer le son',
    mute: 'Sourdine',
    muteLead:
      'Coupe le son et les notifications sur le bureau. Ils sont coupés aussi quand votre disponibilité est Occupé.',
    muteForAnHour: 'Sourdine pendant une heure',
    unmute: 'Réactiver',
  },

  push,
  bots,
  webhooks,
  first,
}
