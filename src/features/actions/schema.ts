import { type Static, type TSchema, Type } from 'typebox'
import { invalid } from '../../lib/errors.ts'
import { emailForm, filledText, id, nullable, oneOf } from '../../lib/schema.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import { statuses } from '../conversations/schema.ts'
import { maxContent } from '../messages/schema.ts'

/** The maximum number of actions in a row. */
export const mostActions = 20

// An id, or a URL: that is how Chatwoot names a webhook.
const webhook = Type.Unsafe<number | string>({
  type: ['integer', 'string'],
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  maxLength: 2048,
})
const labels = Type.Array(filledText(50), { minItems: 1, maxItems: 20 })
const one = (schema: TSchema) => Type.Array(schema, { minItems: 1, maxItems: 1 })
// Ten years.
const longestSnooze = 10 * 366 * 24 * 3600

/** The parameters of every action that a macro can have, as a list. */
const parameters = {
  send_message: one(filledText(maxContent)),
  add_private_note: one(filledText(maxContent)),
  add_label: labels,
  remove_label: labels,
  assign_agent: one(nullable(id())),
  assign_team: one(nullable(id())),
  change_status: one(oneOf(statuses.filter((status) => status !== 'snoozed'))),
  snooze_conversation: Type.Array(Type.Integer({ minimum: 1, maximum: longestSnooze }), { maxItems: 1 }),
  change_priority: one(nullable(oneOf(['urgent', 'high', 'medium', 'low']))),
  set_attribute: Type.Array(Type.Unknown(), { minItems: 2, maxItems: 2 }),
  mute_conversation: Type.Array(Type.Unknown(), { maxItems: 0 }),
  send_email_transcript: Type.Array(Type.String({ maxLength: 255, ...emailForm }), { maxItems: 1 }),
  send_webhook_event: one(webhook),
} as const

export type ActionName = keyof typeof parameters
export const actionNames = Object.keys(parameters) as ActionName[]

/** A text, such as that of a message, the number of a label's team, or the value of an attribute. */
const Parameter = Type.Unsafe<unknown>({
  type: ['string', 'number', 'boolean', 'null'],
  maxLength: maxContent,
})

export const Action = Type.Object({
  action_name: oneOf(actionNames),
  action_params: Type.Array(Parameter, { maxItems: 20, default: [] }),
})
export type Action = Static<typeof Action>

const checks = Object.fromEntries(
  Object.entries(parameters).map(([name, schema]) => [name, checker(Type.Object({ action_params: schema }))]),
)

/** Throws `invalid` if the parameters of one of the actions do not fit it. */
export function assertActions(actions: readonly Action[]): void {
  for (const [index, { action_name, action_params }] of actions.entries()) {
    const at = `actions[${index}]`
    assertValid(checks[action_name]!, { action_params }, at)
    if (action_name !== 'set_attribute') continue
    const [name, value] = action_params
    if (typeof name !== 'string' || !name.trim() || name.length > 100)
      throw invalid(`${at}.action_params[0]`, 'must be the name of an attribute', 'wrong_type')
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      throw invalid(`${at}.action_params[1]`, 'must be a text, a number, a boolean or null', 'wrong_type')
  }
}
