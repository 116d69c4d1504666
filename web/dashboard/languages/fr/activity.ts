import { list, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

export const activity: NonNullable<Catalogue['dashboard']>['activity'] = {
  system: 'Le système',
  opened: (actor) => `${actor} a rouvert la conversation`,
  resolved: (actor) => `${actor} a résolu la conversation`,
  pending: (actor) => `${actor} a mis la conversation en attente`,
  snoozed: (actor, until) => `${actor} a mis la conversation en veille jusqu’au ${until}`,
  snoozedForever: (actor) => `${actor} a mis la conversation en veille jusqu’à ce que le client écrive`,
  reopened: 'Un nouveau message a rouvert la conversation',
  unsnoozed: 'La conversation a été rouverte à la fin de sa mise en veille',
  taken: (actor) => `${actor} a pris la conversation`,
  given_up: (actor) => `${actor} s’est retiré de la conversation`,
  assigned: (actor, assignee) => `${actor} a assigné la conversation à ${assignee}`,
  unassigned: (actor, assignee) => `${actor} a retiré la conversation à ${assignee}`,
  assigned_by_turns: (assignee) => `La conversation a été assignée à ${assignee}, dont c’était le tour`,
  team_assigned: (actor, team) => `${actor} a assigné la conversation à l’équipe ${team}`,
  team_removed: (actor, team) => `${actor} a retiré la conversation de l’équipe ${team}`,
  labels_added: (actor, labels) =>
    `${actor} a ajouté ${plural(labels.length, { one: 'l’étiquette', other: 'les étiquettes' })} ${list(labels)}`,
  labels_removed: (actor, labels) =>
    `${actor} a retiré ${plural(labels.length, { one: 'l’étiquette', other: 'les étiquettes' })} ${list(labels)}`,
  transcript_sent: (actor, email) => `${actor} a envoyé une transcription à ${email}`,
  transcript_failed: (email, reason) => `La transcription pour ${email} n’a pas pu être envoyée : ${reason}`,
  shared_with_webhook: (actor, webhook) => `${actor} a envoyé la conversation au webhook ${webhook}`,
}
