import { list, plural } from '../../language.ts'
import type { Catalogue } from '../catalogue.ts'

type Dashboard = NonNullable<Catalogue['dashboard']>

// An actor may be a person, a bot or the system, and each needs another verb. So most texts are in the passive.
export const activity: Dashboard['activity'] = {
  system: 'mfumo',
  opened: (actor) => `Mazungumzo yamefunguliwa tena na ${actor}`,
  resolved: (actor) => `Mazungumzo yametatuliwa na ${actor}`,
  pending: (actor) => `Mazungumzo yamewekwa yasubiri na ${actor}`,
  snoozed: (actor, until) => `Mazungumzo yameahirishwa na ${actor} hadi ${until}`,
  snoozedForever: (actor) => `Mazungumzo yameahirishwa na ${actor} hadi mteja aandike`,
  reopened: 'Ujumbe mpya umefungua tena mazungumzo',
  unsnoozed: 'Mazungumzo yamefunguliwa tena baada ya muda wa kuahirishwa kwisha',
  taken: (actor) => `${actor} amejikabidhi mazungumzo`,
  given_up: (actor) => `${actor} amejiondoa kama mhusika`,
  assigned: (actor, assignee) => `Mazungumzo yamekabidhiwa ${assignee} na ${actor}`,
  unassigned: (actor, assignee) => `${assignee} ameondolewa kama mhusika na ${actor}`,
  assigned_by_turns: (assignee) => `Mazungumzo yamekabidhiwa ${assignee} kwa zamu`,
  team_assigned: (actor, team) => `Mazungumzo yamekabidhiwa timu ya ${team} na ${actor}`,
  team_removed: (actor, team) => `Mazungumzo yameondolewa kwenye timu ya ${team} na ${actor}`,
  labels_added: (actor, labels) =>
    `${plural(labels.length, { one: 'Lebo imeongezwa', other: 'Lebo zimeongezwa' })} na ${actor}: ${list(labels)}`,
  labels_removed: (actor, labels) =>
    `${plural(labels.length, { one: 'Lebo imeondolewa', other: 'Lebo zimeondolewa' })} na ${actor}: ${list(labels)}`,
  transcript_sent: (actor, email) => `Nakala ya mazungumzo imetumwa kwa ${email} na ${actor}`,
  transcript_failed: (email, reason) => `Nakala ya mazungumzo haikutumwa kwa ${email}: ${reason}`,
  shared_with_webhook: (actor, webhook) => `Mazungumzo yametumwa kwa webhook ${webhook} na ${actor}`,
}
