import type { Action } from '../../../actions/schema.ts'
import type { Macro } from '../../../macros/schema.ts'
import type { RelatedRow } from '../related.store.ts'
import { toAgent } from './user.ts'

/** A macro. Its author is also who has changed it last: that is not stored here. */
export function toMacro(macro: Macro, accountId: number, users: Map<number, RelatedRow<'users'>>) {
  const author = users.get(macro.author_id)
  const agent = author ? toAgent(author, accountId) : {}
  return {
    id: macro.id,
    name: macro.name,
    visibility: macro.visibility === 'account' ? 'global' : 'personal',
    created_by: agent,
    updated_by: agent,
    account_id: accountId,
    actions: macro.actions.map(toChatwootAction),
  }
}

const ofStatus: Record<string, string> = {
  resolve_conversation: 'resolved',
  open_conversation: 'open',
  pending_conversation: 'pending',
}
const removing: Record<string, string> = {
  remove_assigned_agent: 'assign_agent',
  remove_assigned_team: 'assign_team',
}

/** An action as Chatwoot shows it. Those that it does not have keep their names. */
function toChatwootAction({ action_name, action_params }: Action): Action {
  const names = action_name === 'change_status' ? ofStatus : removing
  const value = action_name === 'change_status' ? action_params[0] : action_name
  const isOther = action_name === 'change_status' || action_params[0] === null
  const name = isOther ? Object.keys(names).find((one) => names[one] === value) : undefined
  return name === undefined
    ? { action_name, action_params }
    : ({ action_name: name, action_params: [] } as never)
}

/** Reads an action of Chatwoot in the shape of the main API, which refuses what it does not have. `self` is the user. */
export function readAction(action: unknown, userId: number): unknown {
  if (typeof action !== 'object' || action === null) return action
  const { action_name, action_params } = action as { action_name: string; action_params?: unknown }
  const name = String(action_name)
  if (Object.hasOwn(ofStatus, name)) return { action_name: 'change_status', action_params: [ofStatus[name]] }
  if (Object.hasOwn(removing, name)) return { action_name: removing[name], action_params: [null] }
  const params = [action_params ?? []].flat()
  const isAssignment = name === 'assign_agent' || name === 'assign_team'
  return {
    action_name: name,
    action_params: isAssignment ? params.slice(0, 1).map((one) => assigneeOf(one, userId)) : params,
  }
}

function assigneeOf(value: unknown, userId: number): unknown {
  if (value === 'self') return userId
  if (value === 'nil') return null
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
}
