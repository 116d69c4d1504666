import { list, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

export const activity: Dashboard['activity'] = {
  system: 'El sistema',
  opened: (actor) => `${actor} reabrió la conversación`,
  resolved: (actor) => `${actor} resolvió la conversación`,
  pending: (actor) => `${actor} marcó la conversación como pendiente`,
  snoozed: (actor, until) => `${actor} pospuso la conversación hasta el ${until}`,
  snoozedForever: (actor) => `${actor} pospuso la conversación hasta que escriba el cliente`,
  reopened: 'Un mensaje nuevo reabrió la conversación',
  unsnoozed: 'La conversación se reabrió al terminar el tiempo pospuesto',
  taken: (actor) => `${actor} se asignó la conversación`,
  given_up: (actor) => `${actor} dejó la conversación`,
  assigned: (actor, assignee) => `${actor} asignó la conversación a ${assignee}`,
  unassigned: (actor, assignee) => `${actor} quitó la conversación a ${assignee}`,
  assigned_by_turns: (assignee) => `La conversación se asignó a ${assignee}, a quien le tocaba`,
  team_assigned: (actor, team) => `${actor} asignó la conversación al equipo ${team}`,
  team_removed: (actor, team) => `${actor} quitó la conversación al equipo ${team}`,
  labels_added: (actor, labels) =>
    `${actor} añadió ${plural(labels.length, { one: 'la etiqueta', other: 'las etiquetas' })} ${list(labels)}`,
  labels_removed: (actor, labels) =>
    `${actor} quitó ${plural(labels.length, { one: 'la etiqueta', other: 'las etiquetas' })} ${list(labels)}`,
  transcript_sent: (actor, email) => `${actor} envió una transcripción a ${email}`,
  transcript_failed: (email, reason) => `No se pudo enviar la transcripción a ${email}: ${reason}`,
  shared_with_webhook: (actor, webhook) => `${actor} envió la conversación al webhook ${webhook}`,
}
