import { list, number, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

const conversations = (count: number) => plural(count, { one: '# Unterhaltung', other: '# Unterhaltungen' })

export const bulk: Dashboard['bulk'] = {
  label: 'Ausgewählte Unterhaltungen',
  select: (name) => `Unterhaltung mit ${name} auswählen`,
  selectLoaded: 'Unterhaltungen der Liste auswählen',
  count: (count) => `${number(count)} ausgewählt`,
  all: 'Alle dieser Ansicht ausgewählt',
  selectAll: 'Alle dieser Ansicht auswählen',
  clear: 'Auswahl aufheben',
  tooMany: (most) => `Nur die ersten ${number(most)} werden geändert.`,
  action: 'Aktion',
  choose: 'Aktion wählen',
  apply: 'Anwenden',
  groups: {
    status: 'Status',
    assignee: 'Zuständig',
    team: 'Team',
    priority: 'Priorität',
    addLabel: 'Label hinzufügen',
    removeLabel: 'Label entfernen',
  },
  resolve: 'Erledigen',
  collecting: 'Unterhaltungen werden zusammengestellt …',
  running: (done, total) => `${number(done)} von ${number(total)} geändert`,
  undoing: (done, total) => `${number(done)} von ${number(total)} rückgängig gemacht`,
  done: (count) => `${conversations(count)} geändert`,
  stopped: (done, total) => `Angehalten nach ${number(done)} von ${conversations(total)}`,
  undone: (count) => `${conversations(count)} rückgängig gemacht`,
  failed: (count, why) => `${conversations(count)} nicht geändert: ${why}`,
  kept: (count) => `${conversations(count)} nicht angerührt, weil inzwischen geändert.`,
  capped: 'Die Ansicht hat weitere Unterhaltungen: Wiederholen Sie die Aktion für die nächsten.',
  progress: 'Fortschritt',
  stop: 'Anhalten',
  undo: 'Rückgängig',
}

export const link: Dashboard['link'] = {
  invitationTitle: 'Willkommen',
  invitationLead: 'Legen Sie ein Passwort fest, um beizutreten.',
  welcome: (name) => `Willkommen, ${name}`,
  joinAccount: (account, email) =>
    `Legen Sie ein Passwort fest, um ${account} beizutreten. Sie melden sich dann mit ${email} an.`,
  expiredTitle: 'Diese Einladung ist nicht mehr gültig',
  expired:
    'Sie wurde benutzt, ersetzt oder zurückgezogen, oder sie ist älter als 7 Tage. Bitten Sie einen Administrator um eine neue.',
  joinTitle: 'Mit Ihrer bestehenden Anmeldung beitreten',
  joinLead:
    'Sie melden sich hier schon mit dieser Adresse an, in einem anderen Konto. Geben Sie Ihr aktuelles Passwort ein und wählen Sie ein neues. Das meldet Sie in allen Browsern ab.',
  currentPassword: 'Aktuelles Passwort',
  wrongPassword: 'Das ist nicht Ihr aktuelles Passwort.',
  passwordTitle: 'Passwort zurücksetzen',
  passwordExpiredTitle: 'Dieser Link ist nicht mehr gültig',
  passwordExpired:
    'Er wurde benutzt oder ersetzt, oder er ist zu alt. Fordern Sie auf der Anmeldeseite einen neuen an.',
  yourName: 'Ihr Name (für Kunden und Kollegen sichtbar)',
  newPassword: 'Neues Passwort',
  endTokens: 'Auch meine Zugriffstokens beenden',
  endTokensHint: 'Programme, die sie benutzen, werden abgewiesen, bis Sie ihnen neue geben.',
  rule: 'Mindestens 8 Zeichen.',
  submit: 'Passwort festlegen',
  noToken:
    'Dieser Link ist unvollständig. Öffnen Sie ihn noch einmal aus der Nachricht, die Sie erhalten haben.',
  done: 'Ihr Passwort ist festgelegt. Sie können sich jetzt anmelden.',
  emailTitle: 'E-Mail-Adresse bestätigen',
  emailLead: 'Ab jetzt melden Sie sich mit der Adresse an, an die dieser Link gesendet wurde.',
  confirm: 'Bestätigen',
  emailDone: 'Ihre Adresse ist bestätigt. Ab jetzt melden Sie sich mit ihr an.',
  emailExpired:
    'Er wurde benutzt oder ersetzt, oder er ist zu alt. Ändern Sie Ihre Adresse noch einmal in Ihrem Profil.',
  emailTaken: 'Jemand anderes meldet sich schon mit dieser Adresse an. Es wurde nichts geändert.',
  toDashboard: 'Weiter',
}

export const nav: Dashboard['nav'] = {
  label: 'Hauptmenü',
  conversations: 'Unterhaltungen',
  contacts: 'Kontakte',
  companies: 'Unternehmen',
  company: (name) => `Unternehmen ${name}`,
  settings: 'Einstellungen',
  api: 'API',
  signOut: 'Abmelden',
  theme: 'Design',
  themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  commands: 'Befehle',
  account: 'Konto',
  profile: 'Profil',
  skip: 'Zu den Nachrichten',
  skipToList: 'Zu den Unterhaltungen',
  skipToContacts: 'Zu den Kontakten',
  skipToPage: 'Zum Inhalt',
  newTab: (name) => `${name} (in neuem Tab)`,
  unsent: 'Abmelden und ungesendete Nachrichten löschen?',
  unsentText:
    'Einige Nachrichten wurden noch nicht gesendet. Sie werden gelöscht, wenn Sie sich jetzt abmelden.',
}

export const notifications: Dashboard['notifications'] = {
  title: 'Benachrichtigungen',
  muted: 'Stumm',
  mutedUntil: (time) => `Benachrichtigungen sind bis ${time} stumm`,
  noteOf: (name) => `Private Notiz von ${name}`,
  newMessages: (count) => plural(count, { one: 'Neue Nachricht', other: '# neue Nachrichten' }),
  several: (count) =>
    plural(count, {
      one: 'Neue Nachrichten in # Unterhaltung',
      other: 'Neue Nachrichten in # Unterhaltungen',
    }),
  unread: (count) => plural(count, { other: '# ungelesen' }),
  somebody: 'Jemand',
  mentioned: (name) => `${name} hat Sie erwähnt`,
  assigned: (name) => `Ihnen zugewiesen: ${name}`,
  testTitle: 'Testbenachrichtigung',
  testBody: 'So erfahren Sie von neuen Nachrichten.',
}

export const pictures: Dashboard['pictures'] = {
  title: 'Bild',
  original: 'In neuem Tab öffnen',
  previous: 'Voriges Bild',
  next: 'Nächstes Bild',
  position: (at, count) => `${number(at)} von ${number(count)}`,
}

export const undo: Dashboard['undo'] = {
  undo: 'Rückgängig',
  macro: (name) => `„${name}“ wurde ausgeführt`,
  status: (id, status) => `Unterhaltung #${id}: ${status.toLowerCase()}`,
  assigned: (id) => `Die Zuweisung von #${id} wurde geändert`,
  merged: (id, into) => `#${id} wurde mit #${into} zusammengeführt`,
  split: (id, from) => `#${id} wurde von #${from} abgetrennt`,
  deleted: 'Die Nachricht wurde gelöscht',
  sent: 'Die Nachricht wurde gesendet',
  mailSent: 'Die E-Mail wird gleich gesendet',
}

export const visit: Dashboard['visit'] = {
  visitor: (id) => `Besucher ${id}`,
  title: 'Besuch',
  page: 'Seite',
  referrer: 'Kam von',
  language: 'Sprache',
  browser: 'Browser',
  browserOn: (name, system) => `${name} auf ${system}`,
  unknownBrowser: 'Unbekannter Browser',
  seen: 'Zuletzt gesehen',
}

export const people = {
  availability: {
    title: 'Verfügbarkeit',
    names: { online: 'Online', busy: 'Beschäftigt', offline: 'Offline' },
    hints: {
      online: 'Ihre Teams können Ihnen Unterhaltungen zuweisen.',
      busy: 'Sie sind da, aber Ihre Teams weisen Ihnen nichts zu.',
      offline: 'Andere sehen Sie als abwesend, und Ihre Teams weisen Ihnen nichts zu.',
    },
    isNow: (name) => `Ihre Verfügbarkeit: ${name}`,
  },
  inboxes: {
    none: 'Sie sind noch in keinem Posteingang Mitglied.',
    ask: 'Bitten Sie einen Administrator, Sie aufzunehmen:',
    yours: 'Ihre Posteingänge',
  },
  settingsPages: {
    profile: 'Profil',
    notifications: 'Benachrichtigungen',
    tokens: 'Zugriffstokens',
    'canned-responses': 'Textbausteine',
    views: 'Ansichten',
    macros: 'Makros',
    inboxes: 'Posteingänge',
    agents: 'Agenten',
    teams: 'Teams',
    labels: 'Labels',
    'custom-attributes': 'Eigene Attribute',
    bots: 'Bots',
    webhooks: 'Webhooks',
  },
} satisfies Dashboard

/** The list of conversations. */
export const conversationList: Dashboard['list'] = {
  title: 'Unterhaltungen',
  tabs: { me: 'Meine', unassigned: 'Freie', all: 'Alle' },
  search: 'Suchen',
  status: 'Status',
  statuses: {
    open: 'Offen',
    pending: 'Wartend',
    snoozed: 'Zurückgestellt',
    resolved: 'Erledigt',
    all: 'Jeder Status',
  },
  views: 'Ansichten',
  manageViews: 'Ansichten verwalten …',
  noView: 'Diese Ansicht gibt es nicht',
  specialLists: { mentioned: 'Erwähnungen', participating: 'Folge ich', unattended: 'Unbeantwortet' },
  leaveView: 'Ansicht schließen',
  filters: 'Filter',
  inbox: 'Posteingang',
  team: 'Team',
  label: 'Label',
  any: 'Alle',
  clear: 'Filter zurücksetzen',
  unread: (count) => plural(count, { other: '# ungelesen' }),
  you: 'Sie: ',
  noMessage: 'Noch keine Nachrichten',
  empty: 'Keine Unterhaltungen',
  emptySearch: (q, where) => `Kein Ergebnis für „${q}“ ${where}.`,
  everywhere: 'in allen Unterhaltungen',
  searchHint:
    'Die Suche findet Wörter in Nachrichten und Kontakten nach ihrem Anfang, und eine Unterhaltung mit #12.',
  searchAll: 'Alle Unterhaltungen durchsuchen',
  where: (parts) => `mit diesen Filtern: ${list(parts)}`,
  isOnly: (name, value) => `${name}: ${value}`,
  removeFilter: (filter) => `Filter entfernen: ${filter}`,
  assignedTo: (name) => `Zugewiesen an ${name}`,
  waiting: (time) => `Wartet ${time}`,
  waitingHint: 'Der Kunde hat zuletzt geschrieben.',
  minutes: (count) => `${number(count)} Min.`,
  hours: (count) => `${number(count)} Std.`,
  days: (count) => `${number(count)} T.`,
  writing: (name) => `${name} schreibt …`,
  newMail: 'Neue Unterhaltung per E-Mail',
  ofAll: conversations,
}

export const activity: Dashboard['activity'] = {
  system: 'Das System',
  opened: (actor) => `${actor} hat die Unterhaltung wieder geöffnet`,
  resolved: (actor) => `${actor} hat die Unterhaltung erledigt`,
  pending: (actor) => `${actor} hat die Unterhaltung auf „Wartend“ gesetzt`,
  snoozed: (actor, until) => `${actor} hat die Unterhaltung bis ${until} zurückgestellt`,
  snoozedForever: (actor) => `${actor} hat die Unterhaltung zurückgestellt, bis der Kunde schreibt`,
  reopened: 'Eine neue Nachricht hat die Unterhaltung wieder geöffnet',
  unsnoozed: 'Die Unterhaltung wurde am Ende ihrer Zurückstellung wieder geöffnet',
  taken: (actor) => `${actor} hat die Unterhaltung übernommen`,
  given_up: (actor) => `${actor} hat die Unterhaltung abgegeben`,
  assigned: (actor, assignee) => `${actor} hat die Unterhaltung ${assignee} zugewiesen`,
  unassigned: (actor, assignee) => `${actor} hat ${assignee} die Unterhaltung entzogen`,
  assigned_by_turns: (assignee) => `Die Unterhaltung wurde reihum ${assignee} zugewiesen`,
  team_assigned: (actor, team) => `${actor} hat die Unterhaltung dem Team ${team} zugewiesen`,
  team_removed: (actor, team) => `${actor} hat die Unterhaltung aus dem Team ${team} genommen`,
  labels_added: (actor, labels) =>
    `${actor} hat ${plural(labels.length, { one: 'das Label', other: 'die Labels' })} ${list(labels)} hinzugefügt`,
  labels_removed: (actor, labels) =>
    `${actor} hat ${plural(labels.length, { one: 'das Label', other: 'die Labels' })} ${list(labels)} entfernt`,
  transcript_sent: (actor, email) => `${actor} hat ein Transkript an ${email} gesendet`,
  transcript_failed: (email, reason) => `Das Transkript an ${email} konnte nicht gesendet werden: ${reason}`,
  shared_with_webhook: (actor, webhook) => `${actor} hat die Unterhaltung an den Webhook ${webhook} gesendet`,
}
