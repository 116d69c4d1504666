import { Type } from 'typebox'
import { type Actor, systemOf } from '../../../lib/actor.ts'
import { checker } from '../../../lib/validate.ts'
import { Action } from '../../actions/schema.ts'
import { NewCannedResponse } from '../../canned-responses/schema.ts'
import { createCannedResponse } from '../../canned-responses/service.ts'
import { fromSubscription } from '../../dialects/chatwoot/webhooks/event-names.ts'
import { createMacro, listMacros } from '../../macros/service.ts'
import { createWebhook, listWebhooks } from '../../webhooks/service.ts'
import type { Labels } from './labels.ts'
import type { Move } from './move.ts'
import { refusal } from './refusal.ts'
import {
  type SourceMacro,
  selectCannedResponses,
  selectMacros,
  selectWebhooks,
} from './source-settings.store.ts'

const checkCanned = checker(NewCannedResponse)
const checkAction = checker(Type.Object({ action: Action }))

/** Imports webhooks, canned responses and macros. Those that do not fit go into the file of what is left over. */
export async function importTools(
  move: Move,
  events: readonly string[],
  labels: Labels,
  teams: Map<number, number>,
): Promise<void> {
  await importWebhooks(move, events)
  await importCannedResponses(move)
  await importMacros(move, labels, teams)
}

async function importWebhooks(move: Move, events: readonly string[]): Promise<void> {
  const { source, database, accountId, isDryRun, report, leftOver, allowPrivate } = move
  const actor = systemOf(accountId)
  const known = new Set((await listWebhooks(database.read, actor)).map(({ url }) => url))
  const rows = await selectWebhooks(source, accountId)
  report.table('webhooks', rows.length)
  for (const row of rows) {
    const isKnown = known.has(row.url)
    const names = row.subscriptions ?? []
    const subscriptions = names.map(fromSubscription).filter((event) => events.includes(event))
    const webhook = { url: row.url, name: row.name, subscriptions, format: 'chatwoot' } as const
    const reason =
      isKnown || isDryRun
        ? undefined
        : await refusal(() => createWebhook(database, actor, webhook, allowPrivate))
    const isEmpty = subscriptions.length === 0 && !isKnown
    if (reason !== undefined || isEmpty) {
      report.remark('webhook left out', `${row.url} ${reason ?? 'has no event that exists here'}`)
      await leftOver.add('webhooks', row)
      continue
    }
    report.count('webhooks', isKnown ? 'known' : 'stored')
    if (!isKnown) report.remark('webhook with a new secret', row.url)
    for (const event of names)
      if (!events.includes(fromSubscription(event)))
        report.remark(`webhook without the event ${event}`, row.url)
  }
}

async function importCannedResponses(move: Move): Promise<void> {
  const { source, database, accountId, isDryRun, report, leftOver } = move
  const rows = await selectCannedResponses(source, accountId)
  report.table('canned_responses', rows.length)
  for (const row of rows) {
    const short_code = (row.short_code ?? '')
      .trim()
      .replaceAll(/[\s/]+/g, '-')
      .slice(0, 50)
    const canned = { short_code, content: row.content ?? '', visibility: 'account' as const }
    const errors = checkCanned(canned)
    const reason =
      errors.length > 0 || isDryRun
        ? errors[0]?.message
        : await refusal(() => createCannedResponse(database, authorOf(move, null), canned))
    if (reason === undefined) report.count('canned_responses', 'stored')
    else if (reason.includes('already used')) report.count('canned_responses', 'known')
    else {
      report.remark('canned response left out', `${short_code} ${reason}`)
      await leftOver.add('canned_responses', row)
    }
  }
}

async function importMacros(move: Move, labels: Labels, teams: Map<number, number>): Promise<void> {
  const { source, database, accountId, isDryRun, report, leftOver, people } = move
  const rows = await selectMacros(source, accountId)
  report.table('macros', rows.length)
  for (const row of rows) {
    const author = authorOf(move, row.created_by_id)
    const name = row.name.trim().slice(0, 100)
    const isKnown = (await listMacros(database.read, author)).some((one) => one.name === name)
    if (isKnown) {
      report.count('macros', 'known')
      continue
    }
    const actions = await actionsOf(row, labels, teams, (id) => people.idOf(id))
    const visibility = row.visibility === 0 ? ('mine' as const) : ('account' as const)
    const reason =
      typeof actions === 'string' || isDryRun
        ? actions
        : await refusal(() => createMacro(database, author, { name, visibility, actions }))
    if (typeof reason !== 'string') report.count('macros', 'stored')
    else {
      report.remark('macro left out', `${name}: ${reason}`)
      await leftOver.add('macros', row)
    }
  }
}

const statuses: Record<string, string> = {
  resolve_conversation: 'resolved',
  open_conversation: 'open',
  pending_conversation: 'pending',
}

/** The actions of a macro; a sentence if one of them does not exist here. */
async function actionsOf(
  { actions }: SourceMacro,
  labels: Labels,
  teams: Map<number, number>,
  userOf: (id: number) => number | null,
): Promise<Action[] | string> {
  const list: unknown = typeof actions === 'string' ? JSON.parse(actions) : actions
  if (!Array.isArray(list)) return 'it has no actions'
  const own: Action[] = []
  for (const { action_name: name, action_params } of list as {
    action_name: string
    action_params?: unknown[]
  }[]) {
    const params = action_params ?? []
    let action = { action_name: name, action_params: params } as Action
    if (name in statuses) action = { action_name: 'change_status', action_params: [statuses[name]] }
    if (name === 'assign_agent') action.action_params = [userOf(Number(params[0]))]
    if (name === 'assign_team') action.action_params = [teams.get(Number(params[0])) ?? null]
    if (name === 'remove_assigned_agent') action = { action_name: 'assign_agent', action_params: [null] }
    if (name === 'remove_assigned_team') action = { action_name: 'assign_team', action_params: [null] }
    if (name === 'add_label' || name === 'remove_label')
      action.action_params = await labels.titlesOf(params.map(String))
    if (checkAction({ action }).length > 0) return `there is no action ${name}`
    own.push(action)
  }
  return own
}

/** An actor for what a user has created; for the first administrator if the user no longer exists. */
export function authorOf({ accountId, people }: Move, chatwootId: number | null): Actor {
  const userId = people.idOf(chatwootId) ?? people.firstAdministrator
  return { accountId, userId, role: 'administrator', scopes: ['admin'], tokenId: 0 }
}
