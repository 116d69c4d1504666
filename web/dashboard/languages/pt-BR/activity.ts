import { list, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

export const activity: Dashboard['activity'] = {
  system: 'O sistema',
  opened: (actor) => `${actor} reabriu a conversa`,
  resolved: (actor) => `${actor} resolveu a conversa`,
  pending: (actor) => `${actor} marcou a conversa como pendente`,
  snoozed: (actor, until) => `${actor} adiou a conversa até ${until}`,
  snoozedForever: (actor) => `${actor} adiou a conversa até o cliente escrever`,
  reopened: 'Uma nova mensagem reabriu a conversa',
  unsnoozed: 'A conversa foi reaberta ao fim do adiamento',
  taken: (actor) => `${actor} assumiu a conversa`,
  given_up: (actor) => `${actor} deixou a conversa`,
  assigned: (actor, assignee) => `${actor} atribuiu a conversa a ${assignee}`,
  unassigned: (actor, assignee) => `${actor} removeu a atribuição a ${assignee}`,
  assigned_by_turns: (assignee) => `A conversa foi atribuída a ${assignee}, de quem era a vez`,
  team_assigned: (actor, team) => `${actor} atribuiu a conversa à equipe ${team}`,
  team_removed: (actor, team) => `${actor} retirou a conversa da equipe ${team}`,
  labels_added: (actor, labels) =>
    `${actor} adicionou ${plural(labels.length, { one: 'a etiqueta', other: 'as etiquetas' })} ${list(labels)}`,
  labels_removed: (actor, labels) =>
    `${actor} removeu ${plural(labels.length, { one: 'a etiqueta', other: 'as etiquetas' })} ${list(labels)}`,
  transcript_sent: (actor, email) => `${actor} enviou uma transcrição para ${email}`,
  transcript_failed: (email, reason) => `Não foi possível enviar a transcrição para ${email}: ${reason}`,
  shared_with_webhook: (actor, webhook) => `${actor} enviou a conversa para o webhook ${webhook}`,
}
