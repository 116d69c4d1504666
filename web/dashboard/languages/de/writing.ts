import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

const files = (count: number) => plural(count, { one: '# Datei', other: '# Dateien' })

export const format: Catalogue['format'] = {
  label: 'Format',
  names: {
    bold: 'Fett',
    italic: 'Kursiv',
    code: 'Code',
    link: 'Link',
    list: 'Aufzählung',
    numbers: 'Nummerierte Liste',
    quote: 'Zitat',
  },
  emoji: 'Emoji',
}

export const writing: Catalogue['writing'] = {
  otherDraft: 'In einem anderen Browser haben Sie hier einen anderen Text geschrieben:',
  useOther: 'Jenen Text nehmen',
  keepMine: 'Diesen Text behalten',
  repliedMeanwhile: (name) => `Während Sie schrieben, hat ${name} geantwortet:`,
  sendsAgain: 'Senden Sie noch einmal, wenn der Kunde auch Ihre Antwort braucht.',
  sign: 'Meine Signatur anfügen',
  answers: (name) => `Antwort an ${name}`,
  answersNothing: 'Auf keine bestimmte Nachricht antworten',
  later: 'Später senden',
  laterTimes: { hour: 'In einer Stunde', tomorrow: 'Morgen früh', week: 'Am Montag früh' },
  laterTime: 'Zu einer anderen Zeit',
  schedule: 'Planen',
  cancelledByReply: 'Verwerfen, wenn der Kunde vorher antwortet',
}

export const cannedComposer: Catalogue['cannedComposer'] = {
  button: 'Textbaustein einfügen',
  tooManyFiles: (most, extra) =>
    `Eine Nachricht kann ${number(most)} Dateien haben. Entfernen Sie ${number(extra)}, um sie zu senden.`,
}

export const cannedPopover: Catalogue['cannedPopover'] = {
  title: 'Textbausteine',
  loading: 'Suche läuft …',
  none: 'Noch keine Textbausteine.',
  make: 'Einen erstellen',
  noneFound: (query) => `Kein Textbaustein mit „${query}“. Esc schließt diese Liste.`,
  count: (count) => plural(count, { one: '# Textbaustein', other: '# Textbausteine' }),
  more: 'Tippen Sie weiter, um andere zu finden.',
  files,
  mine: 'nur Sie',
}

export const macros: Catalogue['macros'] = {
  title: 'Makro ausführen',
  choose: 'Makro wählen',
  none: 'Noch keine Makros.',
  create: 'Eines erstellen',
  preview: (name) => `„${name}“ ausführen?`,
  run: 'Ausführen',
  whatItDoes: 'Was es tun würde',
  others: 'Andere Makros',
  nothing: 'Es ändert nichts in dieser Unterhaltung.',
  sends: 'Sendet',
  notes: 'Fügt eine Notiz hinzu',
  changes: 'Änderungen',
  fields: {
    status: 'Status',
    snoozed_until: 'Zurückgestellt bis',
    priority: 'Priorität',
    assignee_id: 'Zuständig',
    team_id: 'Team',
    labels: 'Labels',
    custom_attributes: 'Attribute',
    blocked: 'Kontakt blockiert',
  },
  becomes: 'wird zu',
}

export const actions: Catalogue['actions'] = {
  send_message: 'Antwort senden',
  add_private_note: 'Private Notiz hinzufügen',
  add_label: 'Labels hinzufügen',
  remove_label: 'Labels entfernen',
  assign_agent: 'Agenten zuweisen',
  assign_team: 'Team zuweisen',
  change_status: 'Status setzen',
  snooze_conversation: 'Zurückstellen',
  change_priority: 'Priorität setzen',
  set_attribute: 'Attribut setzen',
  mute_conversation: 'Kontakt blockieren',
  send_email_transcript: 'Transkript per E-Mail senden',
  send_webhook_event: 'An einen Webhook senden',
}

export const prepared: Catalogue['prepared'] = {
  label: 'Wartet auf das Senden',
  scheduled: (when) => `Wird ${when} gesendet`,
  unlessReply: 'außer der Kunde antwortet',
  cancelled: 'Nicht gesendet: Der Kunde hat geantwortet',
  failed: (why) => `Nicht gesendet: ${why}`,
  by: (name) => `von ${name}`,
  note: 'Private Notiz',
  cc: 'Cc',
  bcc: 'Bcc',
  cancel: 'Verwerfen',
  cancelTitle: 'Diese Nachricht nicht senden?',
  cancelText: 'Sie wird gelöscht. Das kann nicht rückgängig gemacht werden.',
  cancelAction: 'Löschen',
  proposal: 'Vorgeschlagene Antwort',
  of: { user: 'von einem Kollegen', bot: 'von einem Bot', system: 'vom Server', rule: 'von einer Regel' },
  sources: 'Grundlage',
  actions: 'Außerdem',
  files,
  send: 'Senden',
  edit: 'Bearbeiten',
  refuse: 'Ablehnen',
  editLabel: 'Text der vorgeschlagenen Antwort',
  reason: 'Warum nicht? Wer sie vorgeschlagen hat, sieht den Grund.',
  noReason: 'Kein Grund angegeben',
  stale:
    'Der Kunde hat seit dem Vorschlag geschrieben. Kopieren Sie ihn in Ihre Antwort, wenn er noch passt.',
  expired: 'Er ist abgelaufen. Kopieren Sie ihn in Ihre Antwort, wenn er noch passt.',
  decided: 'Ein Kollege war schneller: Über diesen Vorschlag wurde schon entschieden.',
  copy: 'In meine Antwort kopieren',
}
