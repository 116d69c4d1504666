import { number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>
type Settings = NonNullable<Catalogue['settings']>

export const participants: Dashboard['participants'] = {
  title: 'Teilnehmer',
  hint: 'Sie werden über neue Nachrichten benachrichtigt.',
  none: 'Niemand folgt dieser Unterhaltung.',
  follow: 'Folgen',
  leave: 'Nicht mehr folgen',
  add: 'Teilnehmer hinzufügen …',
  remove: (name) => `${name} aus den Teilnehmern entfernen`,
}

export const kinds: NonNullable<Settings['notifications']>['kinds'] = {
  title: 'Auf allen Ihren Geräten',
  lead: 'Was Sie selbst tun, erscheint nicht. Was Sie auf einem Gerät lesen, ist auf allen gelesen.',
  type: 'Anlass',
  types: {
    conversation_assignment: 'Eine Unterhaltung wird mir zugewiesen',
    assigned_conversation_new_message: 'Eine neue Nachricht in einer meiner Unterhaltungen',
    conversation_mention: 'Eine Notiz erwähnt mich oder mein Team',
    participating_conversation_new_message: 'Eine neue Nachricht in einer Unterhaltung, der ich folge',
    conversation_creation: 'Eine neue Unterhaltung ist niemandem zugewiesen',
    import_finished: 'Mein Import von Kontakten ist zu Ende',
  },
  channels: { app: 'Liste', email: 'E-Mail', push: 'Push' },
  box: (type, channel) => `${type}: ${channel}`,
  emailHint:
    'Eine E-Mail wird gesendet, wenn Sie etwas nach 10 Minuten noch nicht gesehen haben, höchstens eine pro Stunde. Sie enthält nicht, was geschrieben wurde.',
  noEmail: 'E-Mails brauchen einen Mailserver. Fragen Sie, wer diesen Server betreibt.',
  quiet: 'Ruhezeit',
  quietHint: 'Jeden Tag zwischen diesen Uhrzeiten warten E-Mails und Push-Nachrichten.',
  from: 'Von',
  to: 'Bis',
  zone: 'Zeitzone',
}

export const push: Settings['push'] = {
  title: 'Wenn das Dashboard geschlossen ist',
  lead: 'Push-Nachrichten erreichen diesen Browser, wenn keine Seite des Dashboards offen ist, und ersetzen Desktop-Benachrichtigungen, solange es im Hintergrund ist.',
  states: {
    on: 'Dieser Browser zeigt Push-Nachrichten.',
    off: 'Dieser Browser zeigt keine Push-Nachrichten.',
  },
  turnOn: 'Push-Nachrichten einschalten',
  turnOff: 'Push-Nachrichten ausschalten',
  text: 'Namen und Texte in Push-Nachrichten zeigen',
  textHint: 'Ihr Gerät zeigt sie vielleicht auch auf dem Sperrbildschirm.',
  test: 'Testnachricht senden',
  tested: 'Die Testnachricht ist unterwegs.',
  unsupported:
    'Dieser Browser kann hier keine Push-Nachrichten zeigen. Sie brauchen https. Fügen Sie das Dashboard auf einem iPhone oder iPad zuerst zum Home-Bildschirm hinzu.',
  denied:
    'Ihr Browser blockiert Benachrichtigungen dieser Seite. Erlauben Sie sie in seinen Einstellungen für diese Website.',
  unreachable: 'Der Browser konnte seinen Push-Dienst nicht erreichen. Versuchen Sie es später noch einmal.',
}

export const preChat: Settings['preChat'] = {
  enabled: 'Besucher vor ihrer ersten Nachricht nach Angaben fragen',
  title: 'Formular vor der ersten Nachricht',
  message: 'Text über dem Formular',
  fields: {
    name: 'Name',
    email: 'E-Mail-Adresse',
    phone_number: 'Telefonnummer',
    text: 'Text',
    select: 'Auswahl',
    checkbox: 'Kästchen',
  },
  labels: { name: 'Name', email: 'E-Mail-Adresse', phone_number: 'Telefonnummer' },
  kind: (position) => `Feld ${position}`,
  label: (position) => `Beschriftung von Feld ${position}`,
  values: (position) => `Auswahl von Feld ${position}, eine Möglichkeit pro Zeile`,
  required: 'Pflichtfeld',
  remove: (position) => `Feld ${position} entfernen`,
  add: 'Feld hinzufügen',
}

export const moves: Catalogue['moves'] = {
  title: 'Unterhaltung mit dieser zusammenführen',
  search: 'Eine Unterhaltung dieses Kontakts suchen',
  choose: 'Unterhaltungen dieses Kontakts in diesem Posteingang',
  none: 'Dieser Kontakt hat keine andere Unterhaltung in diesem Posteingang.',
  noMatch: 'Keine passende Unterhaltung.',
  more: 'Mehr zeigen',
  preview: (id, into) => `#${id} mit #${into} zusammenführen`,
  explanation: (id, into) =>
    `Die Nachrichten von #${id} stehen dann zeitlich geordnet in #${into}. #${id} ist erledigt, und Antworten darauf kommen in #${into} an. Sie können das 7 Tage lang rückgängig machen.`,
  stays: 'Diese Unterhaltung',
  goes: 'Wird mit ihr zusammengeführt',
  noMessages: 'Keine Nachrichten',
  merge: 'Zusammenführen',
  others: 'Eine andere wählen',
  moves: 'Zusammengeführt und aufgeteilt',
  mergedHere: (id, name) => `${name} hat #${id} mit dieser Unterhaltung zusammengeführt`,
  splitTo: (id, name) => `${name} hat Nachrichten in #${id} verschoben`,
  splitFrom: (id, name) => `${name} hat diese Unterhaltung von #${id} abgetrennt`,
  count: (count) => plural(count, { one: '# Nachricht', other: '# Nachrichten' }),
  undo: 'Zusammenführung rückgängig machen',
  undoSplit: 'Aufteilung rückgängig machen',
  undoneUntil: (when) => `Kann bis ${when} rückgängig gemacht werden`,
  server: 'Der Server',
}

export const mentions: Catalogue['mentions'] = {
  title: 'Erwähnen',
  team: 'Team',
  count: (count) => plural(count, { one: '# Name', other: '# Namen' }),
  none: (query) => `Niemand namens „${query}“ sieht diese Unterhaltung. Esc schließt diese Liste.`,
}

export const notificationList: Catalogue['notificationList'] = {
  title: 'Benachrichtigungen',
  readAll: 'Alle als gelesen markieren',
  settings: 'Einstellungen',
  none: 'Nichts Neues. Zuweisungen, Erwähnungen und Nachrichten in Unterhaltungen, denen Sie folgen, erscheinen hier.',
  more: 'Ältere zeigen',
  unread: 'Ungelesen',
  visitor: 'Besucher',
  somebody: 'Jemand',
  created: (count) =>
    plural(count, {
      one: '# neue, nicht zugewiesene Unterhaltung',
      other: '# neue, nicht zugewiesene Unterhaltungen',
    }),
  assigned: (who) => `${who} hat sie Ihnen zugewiesen`,
  messages: (count) => plural(count, { one: '# neue Nachricht', other: '# neue Nachrichten' }),
  followed: (count) =>
    plural(count, {
      one: '# neue Nachricht in einer Unterhaltung, der Sie folgen',
      other: '# neue Nachrichten in einer Unterhaltung, der Sie folgen',
    }),
  imported: {
    done: 'Der Import ist fertig',
    stopped: 'Der Import wurde angehalten',
    failed: 'Der Import ist fehlgeschlagen',
  },
  checked: {
    done: 'Die Prüfung ist fertig',
    stopped: 'Die Prüfung wurde angehalten',
    failed: 'Die Prüfung ist fehlgeschlagen',
  },
  importCounts: (stored, known, refused) =>
    `${number(stored)} neu, ${number(known)} schon bekannt, ${number(refused)} abgelehnt`,
  mentioned: (who) => `${who} hat Sie erwähnt`,
}
