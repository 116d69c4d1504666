import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) => plural(count, { one: '# fichier', other: '# fichiers' })

export const format: Catalogue['format'] = {
  label: 'Mise en forme',
  names: {
    bold: 'Gras',
    italic: 'Italique',
    code: 'Code',
    link: 'Lien',
    list: 'Liste à puces',
    numbers: 'Liste numérotée',
    quote: 'Citation',
  },
  emoji: 'Émoji',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'Vous avez écrit un autre texte ici dans un autre navigateur :',
  useOther: 'Utiliser ce texte-là',
  keepMine: 'Garder ce texte-ci',
  repliedMeanwhile: (name) => `${name} a répondu depuis que vous avez commencé à écrire :`,
  sendsAgain: 'Renvoyez si le client a aussi besoin de votre réponse.',
  sign: 'Ajouter ma signature',
  answers: (name) => `Réponse à ${name}`,
  answersNothing: 'Ne répondre à aucun message en particulier',
  later: 'Envoyer plus tard',
  laterTimes: { hour: 'Dans une heure', tomorrow: 'Demain matin', week: 'Lundi matin' },
  laterTime: 'À un autre moment',
  schedule: 'Programmer',
  cancelledByReply: 'Annuler l’envoi si le client répond avant',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'Insérer une réponse prédéfinie',
  tooManyFiles: (most, extra) =>
    `Un message peut contenir ${most} fichiers. Retirez-en ${extra} pour l’envoyer.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'Réponses prédéfinies',
  loading: 'Recherche…',
  none: 'Aucune réponse prédéfinie.',
  make: 'En créer une',
  noneFound: (query) => `Aucune réponse prédéfinie avec « ${query} ». Échap ferme cette liste.`,
  count: (count) => plural(count, { one: '# réponse prédéfinie', other: '# réponses prédéfinies' }),
  more: 'Tapez d’autres lettres pour en trouver d’autres.',
  files,
  mine: 'vous seul',
}

export const macros: Catalogue['macros'] = {
  title: 'Exécuter une macro',
  choose: 'Choisir une macro',
  none: 'Aucune macro.',
  create: 'En créer une',
  preview: (name) => `Exécuter « ${name} » ?`,
  run: 'Exécuter',
  whatItDoes: 'Ce qu’elle ferait',
  others: 'Autres macros',
  nothing: 'Elle ne change rien dans cette conversation.',
  sends: 'Envoie',
  notes: 'Ajoute une note',
  changes: 'Modifie',
  fields: {
    status: 'Statut',
    snoozed_until: 'En veille jusqu’à',
    priority: 'Priorité',
    assignee_id: 'Assigné à',
    team_id: 'Équipe',
    labels: 'Étiquettes',
    custom_attributes: 'Attributs',
    blocked: 'Contact bloqué',
  },
  becomes: 'devient',
}

export const actions: Catalogue['actions'] = {
  send_message: 'Envoyer une réponse',
  add_private_note: 'Ajouter une note privée',
  add_label: 'Ajouter des étiquettes',
  remove_label: 'Retirer des étiquettes',
  assign_agent: 'Assigner à un agent',
  assign_team: 'Assigner à une équipe',
  change_status: 'Définir le statut',
  snooze_conversation: 'Mettre en veille',
  change_priority: 'Définir la priorité',
  set_attribute: 'Définir un attribut',
  send_email_transcript: 'Envoyer la transcription par e-mail',
  send_webhook_event: 'Envoyer à un webhook',
  mute_conversation: 'Bloquer le contact',
}

export const prepared: Catalogue['prepared'] = {
  label: 'En attente d’envoi',
  scheduled: (when) => `Envoi prévu le ${when}`,
  unlessReply: 'sauf si le client répond',
  cancelled: 'Non envoyé : le client a répondu',
  failed: (why) => `Non envoyé : ${why}`,
  by: (name) => `par ${name}`,
  note: 'Note privée',
  cc: 'Cc',
  bcc: 'Cci',
  cancel: 'Annuler',
  cancelTitle: 'Ne pas envoyer ce message ?',
  cancelText: 'Il sera supprimé définitivement.',
  cancelAction: 'Supprimer',
  proposal: 'Réponse proposée',
  of: { user: 'par un collègue', bot: 'par un bot', system: 'par le serveur', rule: 'par une règle' },
  sources: 'D’après',
  actions: 'Aussi',
  files,
  send: 'Envoyer',
  edit: 'Modifier',
  refuse: 'Refuser',
  editLabel: 'Texte de la réponse proposée',
  reason: 'Pourquoi ? L’auteur de la proposition verra la raison.',
  noReason: 'Aucune raison indiquée',
  stale:
    'Le client a écrit depuis cette proposition. Copiez-la dans votre réponse si elle convient toujours.',
  expired: 'Elle a expiré. Copiez-la dans votre réponse si elle convient toujours.',
  decided: 'Un collègue a été plus rapide : cette proposition est déjà traitée.',
  copy: 'Copier dans ma réponse',
}

export { moves } from './more.ts'
