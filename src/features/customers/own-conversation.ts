import type { Database } from '../../db/database.ts'
import { invalid } from '../../lib/errors.ts'
import { mergedAttributes } from '../../lib/json.ts'
import { assertNotBlocked } from '../contacts/service.ts'
import { changeInTransaction } from '../conversations/change.ts'
import { labelInTransaction } from '../conversations/labelling.ts'
import { visitorLabelsOf } from '../labels/visitor-labels.ts'
import { assertOwnConversation, type Customer } from './customer.ts'

// Bytes of a conversation's attributes as JSON. The account's own limit is 64 KiB; the rest is for the team.
const mostAttributes = 56 * 1024

/**
 * Sets and removes labels of the contact's conversation. Throws `not_found`, `contact_blocked`, and `invalid` for
 * labels that the team does not let contacts of this inbox set: the same for those that do not exist.
 */
export function changeOwnLabels(
  database: Database,
  customer: Customer,
  id: number,
  change: { add: string[]; remove: string[] },
): Promise<void> {
  const { account_id, inbox_id, contact_id, actor } = customer
  return database.transaction(account_id, async (tx) => {
    await assertNotBlocked(tx, account_id, contact_id)
    await assertOwnConversation(tx, customer, id)
    const allowed = await visitorLabelsOf(tx, account_id, inbox_id)
    for (const field of ['add', 'remove'] as const) {
      const other = change[field].find((title) => !allowed.includes(title))
      if (other !== undefined)
        throw invalid(
          field,
          `names a label that visitors may not set in this inbox: ${other}`,
          'not_allowed_value',
        )
    }
    const isRemoved = (title: string) => change.remove.includes(title)
    await labelInTransaction(tx, actor, id, (before) =>
      [...before, ...change.add].filter((title) => !isRemoved(title)),
    )
  })
}

/**
 * Adds custom attributes to the contact's conversation. Agents may rely on existing ones: these do not change. Throws
 * `not_found`, `contact_blocked`, and `invalid` for values that their definitions do not allow.
 */
export function addOwnAttributes(
  database: Database,
  customer: Customer,
  id: number,
  attributes: Record<string, unknown>,
): Promise<void> {
  const { account_id, contact_id, actor } = customer
  return database.transaction(account_id, async (tx) => {
    await assertNotBlocked(tx, account_id, contact_id)
    await assertOwnConversation(tx, customer, id)
    await changeInTransaction(tx, actor, id, ({ custom_attributes }) => {
      const before = JSON.parse(custom_attributes)
      const added = Object.entries(attributes).filter(([name]) => !Object.hasOwn(before, name))
      const change = Object.fromEntries(added)
      if (Buffer.byteLength(JSON.stringify(mergedAttributes(before, change))) > mostAttributes)
        throw invalid(
          'custom_attributes',
          `must be at most ${mostAttributes / 1024} KiB of JSON`,
          'too_large',
        )
      return { custom_attributes: change }
    })
  })
}
