import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'
import { preChat } from './pre-chat.ts'

/** The settings of inboxes, agents, teams and labels, and the form before a chat. */
export const account = {
  preChat,
  members: {
    none: 'Aucun membre',
    add: 'Ajouter un membre…',
    remove: 'Retirer',
    removeOne: (name) => `Retirer ${name}`,
  },

  inboxes: {
    lead: 'Les canaux par lesquels les clients vous écrivent.',
    none: 'Aucune boîte de réception',
    make: 'Créer une boîte de réception',
    makeTitle: 'Nouvelle boîte de réception',
    settings: 'Paramètres',
    name: 'Nom',
    nameHint: 'Affiché aux agents dans la liste, et aux visiteurs au-dessus du chat.',
    namePlaceholder: 'Assistance',
    channel: 'Canal',
    channels: { api: 'API', web_widget: 'Site web', email: 'E-mail' },
    channelHints: {
      api: 'Votre propre programme fournit les messages et reçoit les réponses.',
      web_widget: 'Les visiteurs discutent sur votre site.',
      email: 'Les clients écrivent à une adresse e-mail.',
    },
    otherChannelHint: 'Les paramètres de ce canal se modifient par l’API.',
    webhook: 'URL du webhook',
    webhookHint:
      'Reçoit les événements de cette boîte de réception, comme les réponses. Les notes privées ne sont pas envoyées.',
    website: 'URL du site',
    websiteHint: 'Le site qui affiche le chat.',
    greeting: 'Message d’accueil',
    greetingHint: 'Le premier message que voient les clients.',
    title: 'Titre',
    titleHint: 'Affiché au-dessus du chat, au lieu du nom de la boîte de réception.',
    color: 'Couleur',
    colorHint: 'Celle du bouton et des messages du visiteur.',
    position: 'Position',
    positions: { right: 'En bas à droite', left: 'En bas à gauche' },
    origins: 'Autres sites',
    originsHint:
      'D’autres sites qui peuvent afficher le chat, un par ligne : https://shop.example.com, https://*.example.com, ou file: pour les pages ouvertes depuis le disque.',
    showsAgents: 'Montrer les agents aux visiteurs avant toute réponse',
    asksEmail: 'Demander aux visiteurs leur adresse e-mail après leur premier message',
    recordsVisits: 'Montrer aux agents la page que consulte un visiteur',
    recordsVisitsHint:
      'Ainsi que sa provenance, sa langue et son navigateur. Désactiver cette option efface ce qui est enregistré.',
    first: 'Envoyer un premier message',
    firstLead: 'Exécutez ceci dans un terminal. Le message apparaît ensuite dans vos conversations.',
    command: 'Commandes',
    identifierLead: 'Les programmes désignent cette boîte de réception par :',
    identifier: 'Identifiant de la boîte de réception',
    script: 'Ajouter le chat à votre site',
    scriptLead: 'Ajoutez cette ligne avant </body> dans chaque page qui doit afficher le chat.',
    members: 'Membres',
    membersLead:
      'Les agents voient les conversations des boîtes de réception dont ils sont membres. Les administrateurs les voient toutes.',
    visitorLabels: 'Étiquettes que les visiteurs peuvent mettre',
    visitorLabelsLead:
      'Les visiteurs, et les pages qui affichent le chat, peuvent mettre et retirer ces étiquettes dans leurs propres conversations. Ne choisissez pas une étiquette à laquelle votre équipe doit pouvoir se fier.',
    identity: 'Vérification d’identité',
    identityLead:
      'Avec cette clé, votre serveur prouve l’identité d’un client connecté : il envoie le HMAC-SHA256 de son identifiant. Quiconque possède la clé peut se faire passer pour n’importe quel client : gardez-la sur votre serveur.',
    isMandatory: 'Exiger des identifiants vérifiés',
    isMandatoryHint: 'Les clients sans identifiant peuvent toujours écrire.',
    key: 'Clé',
    showKey: 'Afficher la clé',
    hideKey: 'Masquer la clé',
    rotate: 'Remplacer la clé',
    rotateTitle: 'Remplacer la clé ?',
    rotateText:
      'Les identifiants vérifiés avec l’ancienne clé sont rejetés jusqu’à ce que votre serveur utilise la nouvelle.',
    remove: 'Supprimer la boîte de réception',
    removeThis: 'Supprimer cette boîte de réception',
    removeLead: 'Les clients ne pourront plus y écrire.',
    removeTitle: (name) => `Supprimer la boîte de réception « ${name} » ?`,
    removeText:
      'Elle n’a aucune conversation. Les programmes et les sites qui l’utilisent cesseront de fonctionner. Cette action est définitive.',
    removeAllText: (count) =>
      `${plural(count, { one: 'Sa conversation est aussi supprimée', other: 'Ses # conversations sont aussi supprimées' })} pour tout le monde, avec tous les messages et fichiers. Cette action est définitive.`,
  },
  agents: {
    lead: 'Les personnes qui travaillent dans ce compte. Les agents voient les boîtes de réception dont ils sont membres. Les administrateurs voient et modifient tout.',
    list: 'Agents',
    you: '(vous)',
    invited: 'Invité',
    roles: { agent: 'Agent', administrator: 'Administrateur' },
    roleHints: {
      agent: 'Répond dans les boîtes de réception dont il est membre.',
      administrator: 'Répond dans toutes les boîtes de réception et peut modifier ces paramètres.',
    },
    role: 'Rôle',
    roleOf: (name) => `Rôle de ${name}`,
    inviteTitle: 'Inviter un agent',
    invitation: 'Invitation',
    inviteLead:
      'L’agent reçoit un lien pour choisir son mot de passe. Il ne sert qu’une fois et expire après 7 jours.',
    invite: 'Inviter',
    name: 'Nom',
    email: 'Adresse e-mail',
    link: 'Lien de mot de passe',
    linkFor: (name) => `Créer un lien de mot de passe pour ${name}`,
    linkTitles: {
      invitation: (name) => `Vous avez invité ${name}`,
      password: (name) => `Lien de mot de passe pour ${name}`,
    },
    linkLeads: {
      invitation:
        'Envoyez-lui ce lien. Quiconque l’ouvre peut choisir le mot de passe. Il ne sert qu’une fois et expire après 7 jours.',
      password:
        'Envoyez-lui ce lien. Quiconque l’ouvre peut choisir le mot de passe. Il ne sert qu’une fois et expire après une heure.',
    },
    sentByMail: (name) => `Un lien a été envoyé à ${name} par e-mail.`,
    linkSent: 'Je l’ai envoyé',
    remove: 'Retirer',
    removeOne: (name) => `Retirer ${name}`,
    removeTitle: (name) => `Retirer ${name} de ce compte ?`,
    removeText:
      'Cette personne perd aussitôt l’accès à ce compte, ses jetons d’accès sont révoqués et ses conversations ne sont plus assignées. Ses messages restent.',
    removeYouText:
      'Vous perdez aussitôt l’accès à ce compte, vos jetons d’accès sont révoqués et vos conversations ne sont plus assignées. Seul un autre administrateur pourra vous inviter de nouveau.',
  },

  teams: {
    lead: 'Les conversations peuvent être assignées à une équipe, comme les ventes ou l’équipe de nuit.',
    none: 'Aucune équipe',
    make: 'Créer une équipe',
    makeTitle: 'Nouvelle équipe',
    settings: 'Paramètres',
    name: 'Nom',
    namePlaceholder: 'Équipe de nuit',
    description: 'Description',
    allowAutoAssign: 'Assigner les conversations automatiquement',
    allowAutoAssignHint:
      'Les conversations de l’équipe sont assignées au membre en ligne qui attend depuis le plus longtemps.',
    automatic: 'Automatique',
    members: 'Membres',
    membersLead: 'Les membres à qui vont les conversations assignées à cette équipe.',
    remove: 'Supprimer l’équipe',
    removeThis: 'Supprimer cette équipe',
    removeLead: 'Ses conversations restent, sans équipe.',
    removeTitle: (name) => `Supprimer l’équipe « ${name} » ?`,
    removeText: 'Ses conversations restent. Les membres et les assignations de l’équipe sont perdus.',
  },

  labels: {
    lead: 'Marquez les conversations avec des étiquettes pour les retrouver et les regrouper.',
    none: 'Aucune étiquette',
    make: 'Créer une étiquette',
    makeTitle: 'Nouvelle étiquette',
    settings: 'Paramètres',
    title: 'Titre',
    titleHint: 'Lettres minuscules sans accent, chiffres, - et _.',
    titlePlaceholder: 'retard-de-livraison',
    description: 'Description',
    color: 'Couleur',
    isShown: 'Afficher dans le filtre des conversations',
    isShownHint: 'Les conversations affichent l’étiquette dans tous les cas.',
    hidden: 'Absente du filtre',
    remove: 'Supprimer l’étiquette',
    removeThis: 'Supprimer cette étiquette',
    removeLead: 'Elle est retirée de toutes les conversations.',
    removeTitle: (title) => `Supprimer l’étiquette « ${title} » ?`,
    removeText: 'Elle est retirée de toutes les conversations. Cette action est définitive.',
  },
} satisfies Catalogue['settings']
