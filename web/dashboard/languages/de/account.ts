import { plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

/** The settings of inboxes, agents, teams and labels. */
export const account = {
  members: {
    none: 'Noch keine Mitglieder',
    add: 'Mitglied hinzufügen …',
    remove: 'Entfernen',
    removeOne: (name) => `${name} entfernen`,
  },

  inboxes: {
    lead: 'Die Kanäle, über die Kunden schreiben.',
    none: 'Noch keine Posteingänge',
    make: 'Posteingang erstellen',
    makeTitle: 'Neuer Posteingang',
    settings: 'Einstellungen',
    name: 'Name',
    nameHint: 'Steht für Agenten in der Liste und für Besucher über dem Chat.',
    namePlaceholder: 'Support',
    channel: 'Kanal',
    channels: { api: 'API', web_widget: 'Website', email: 'E-Mail' },
    channelHints: {
      api: 'Ihr eigenes Programm liefert Nachrichten und erhält Antworten.',
      web_widget: 'Besucher chatten auf Ihrer Website.',
      email: 'Kunden schreiben an eine E-Mail-Adresse.',
    },
    otherChannelHint: 'Die Einstellungen dieses Kanals werden über die API geändert.',
    webhook: 'Webhook-URL',
    webhookHint:
      'Erhält die Ereignisse dieses Posteingangs, etwa Antworten. Private Notizen werden nicht gesendet.',
    website: 'URL der Website',
    websiteHint: 'Die Website, die den Chat zeigt.',
    greeting: 'Begrüßung',
    greetingHint: 'Die erste Nachricht, die Kunden sehen.',
    title: 'Titel',
    titleHint: 'Steht über dem Chat, statt des Namens des Posteingangs.',
    color: 'Farbe',
    colorHint: 'Für den Knopf und die Nachrichten des Besuchers.',
    position: 'Position',
    positions: { right: 'Unten rechts', left: 'Unten links' },
    origins: 'Andere Websites',
    originsHint:
      'Andere Websites, die den Chat zeigen dürfen, eine pro Zeile: https://shop.example.com, https://*.example.com, oder file: für Seiten, die von der Festplatte geöffnet werden.',
    showsAgents: 'Besuchern Agenten zeigen, bevor jemand geantwortet hat',
    asksEmail: 'Besucher nach ihrer ersten Nachricht um ihre E-Mail-Adresse bitten',
    recordsVisits: 'Agenten zeigen, auf welcher Seite ein Besucher ist',
    recordsVisitsHint:
      'Auch woher er kam, seine Sprache und seinen Browser. Ausschalten löscht, was gespeichert ist.',
    first: 'Eine erste Nachricht senden',
    firstLead: 'Führen Sie das in einem Terminal aus. Die Nachricht erscheint dann in Ihren Unterhaltungen.',
    command: 'Befehle',
    identifierLead: 'Programme erkennen diesen Posteingang an:',
    identifier: 'Kennung des Posteingangs',
    script: 'Chat auf Ihrer Website einbauen',
    scriptLead: 'Fügen Sie diese Zeile vor </body> in jede Seite ein, die den Chat zeigen soll.',
    members: 'Mitglieder',
    membersLead:
      'Agenten sehen die Unterhaltungen der Posteingänge, in denen sie Mitglied sind. Administratoren sehen alle.',
    visitorLabels: 'Labels, die Besucher setzen dürfen',
    visitorLabelsLead:
      'Besucher und die Seiten mit dem Chat dürfen diese Labels in ihren eigenen Unterhaltungen setzen und entfernen. Wählen Sie kein Label, auf das sich Ihr Team verlassen muss.',
    identity: 'Identitätsprüfung',
    identityLead:
      'Mit diesem Schlüssel beweist Ihr Server, wer ein angemeldeter Kunde ist: Er sendet den HMAC-SHA256 seiner Kennung. Wer den Schlüssel hat, kann sich als jeder Kunde ausgeben. Lassen Sie ihn also auf Ihrem Server.',
    isMandatory: 'Geprüfte Kennungen verlangen',
    isMandatoryHint: 'Kunden ohne Kennung können weiterhin schreiben.',
    key: 'Schlüssel',
    showKey: 'Schlüssel zeigen',
    hideKey: 'Schlüssel ausblenden',
    rotate: 'Schlüssel ersetzen',
    rotateTitle: 'Den Schlüssel ersetzen?',
    rotateText:
      'Kennungen, die mit dem alten Schlüssel geprüft sind, werden abgewiesen, bis Ihr Server den neuen benutzt.',
    remove: 'Posteingang löschen',
    removeThis: 'Diesen Posteingang löschen',
    removeLead: 'Kunden können dann nicht mehr an ihn schreiben.',
    removeTitle: (name) => `Den Posteingang „${name}“ löschen?`,
    removeText:
      'Er hat keine Unterhaltungen. Programme und Websites, die ihn benutzen, funktionieren nicht mehr. Das kann nicht rückgängig gemacht werden.',
    removeAllText: (count) =>
      `Das löscht auch ${plural(count, { one: 'seine Unterhaltung', other: 'seine # Unterhaltungen' })} mit allen Nachrichten und Dateien, für alle. Das kann nicht rückgängig gemacht werden.`,
  },

  agents: {
    lead: 'Die Menschen, die in diesem Konto arbeiten. Agenten sehen die Posteingänge, in denen sie Mitglied sind. Administratoren sehen und ändern alles.',
    list: 'Agenten',
    you: '(Sie)',
    invited: 'Eingeladen',
    roles: { agent: 'Agent', administrator: 'Administrator' },
    roleHints: {
      agent: 'Antwortet in den Posteingängen, in denen er Mitglied ist.',
      administrator: 'Antwortet in allen Posteingängen und kann diese Einstellungen ändern.',
    },
    role: 'Rolle',
    roleOf: (name) => `Rolle von ${name}`,
    inviteTitle: 'Agenten einladen',
    invitation: 'Einladung',
    inviteLead:
      'Eingeladene erhalten einen Link, um ihr Passwort festzulegen. Er funktioniert einmal und läuft nach 7 Tagen ab.',
    invite: 'Einladen',
    name: 'Name',
    email: 'E-Mail-Adresse',
    link: 'Passwort-Link',
    linkFor: (name) => `Passwort-Link für ${name} erstellen`,
    linkTitles: {
      invitation: (name) => `Sie haben ${name} eingeladen`,
      password: (name) => `Passwort-Link für ${name}`,
    },
    linkLeads: {
      invitation:
        'Senden Sie diesen Link weiter. Wer ihn öffnet, kann das Passwort festlegen. Er funktioniert einmal und läuft nach 7 Tagen ab.',
      password:
        'Senden Sie diesen Link weiter. Wer ihn öffnet, kann das Passwort festlegen. Er funktioniert einmal und läuft nach einer Stunde ab.',
    },
    sentByMail: (name) => `Ein Link wurde per E-Mail an ${name} gesendet.`,
    linkSent: 'Ich habe ihn gesendet',
    remove: 'Entfernen',
    removeOne: (name) => `${name} entfernen`,
    removeTitle: (name) => `${name} aus diesem Konto entfernen?`,
    removeText:
      'Der Zugang zu diesem Konto endet sofort, Zugriffstokens werden widerrufen, und Unterhaltungen sind niemandem mehr zugewiesen. Nachrichten bleiben.',
    removeYouText:
      'Ihr Zugang zu diesem Konto endet sofort, Ihre Zugriffstokens werden widerrufen, und Ihre Unterhaltungen sind niemandem mehr zugewiesen. Nur ein anderer Administrator kann Sie wieder einladen.',
  },

  teams: {
    lead: 'Unterhaltungen können einem Team zugewiesen werden, etwa dem Vertrieb oder der Nachtschicht.',
    none: 'Noch keine Teams',
    make: 'Team erstellen',
    makeTitle: 'Neues Team',
    settings: 'Einstellungen',
    name: 'Name',
    namePlaceholder: 'Nachtschicht',
    description: 'Beschreibung',
    allowAutoAssign: 'Unterhaltungen automatisch zuweisen',
    allowAutoAssignHint:
      'Unterhaltungen des Teams erhält das Mitglied, das online ist und am längsten gewartet hat.',
    automatic: 'Automatisch',
    members: 'Mitglieder',
    membersLead: 'Die Mitglieder, die Unterhaltungen dieses Teams erhalten.',
    remove: 'Team löschen',
    removeThis: 'Dieses Team löschen',
    removeLead: 'Seine Unterhaltungen bleiben, ohne Team.',
    removeTitle: (name) => `Das Team „${name}“ löschen?`,
    removeText: 'Seine Unterhaltungen bleiben. Mitglieder und Zuweisungen des Teams gehen verloren.',
  },

  labels: {
    lead: 'Markieren Sie Unterhaltungen mit Labels, um sie zu finden und zu ordnen.',
    none: 'Noch keine Labels',
    make: 'Label erstellen',
    makeTitle: 'Neues Label',
    settings: 'Einstellungen',
    title: 'Titel',
    titleHint: 'Kleinbuchstaben, Ziffern, - und _.',
    titlePlaceholder: 'lieferung-verspaetet',
    description: 'Beschreibung',
    color: 'Farbe',
    isShown: 'Im Filter der Unterhaltungen zeigen',
    isShownHint: 'Unterhaltungen zeigen das Label in jedem Fall.',
    hidden: 'Nicht im Filter',
    remove: 'Label löschen',
    removeThis: 'Dieses Label löschen',
    removeLead: 'Es wird von allen Unterhaltungen entfernt.',
    removeTitle: (title) => `Das Label „${title}“ löschen?`,
    removeText: 'Es wird von allen Unterhaltungen entfernt. Das kann nicht rückgängig gemacht werden.',
  },
} satisfies Catalogue['settings']
