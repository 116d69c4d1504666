import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import { labelEvents } from './events.ts'
import { type Label, type LabelChange, NewLabel } from './schema.ts'
import { deleteLabel, findLabel, insertLabel, selectLabelIds, selectLabels, updateLabel } from './store.ts'

const checkNew = checker(NewLabel)

/** Returns the account's labels, sorted by title. */
export function listLabels(queries: Queries, { accountId }: Actor): Promise<Label[]> {
  return selectLabels(queries, accountId)
}

/** Returns one label. Throws `not_found`. */
export async function getLabel(queries: Queries, { accountId }: Actor, id: number): Promise<Label> {
  const label = await findLabel(queries, accountId, id)
  if (!label) throw notFound('label')
  return label
}

/** Creates a label. Throws `invalid` if the account already has one with this title. */
export function createLabel(database: Database, actor: Actor, input: NewLabel): Promise<Label> {
  return database.transaction(actor.accountId, async (tx) => {
    await assertTitleUnused(tx, actor.accountId, input.title)
    return addLabel(tx, actor, input)
  })
}

async function addLabel(tx: Queries, actor: Actor, input: NewLabel): Promise<Label> {
  const { accountId } = actor
  const { title, description = null, color, show_on_sidebar } = input
  const id = await nextId(tx, accountId, 'labels')
  const now = Date.now()
  await insertLabel(tx, {
    account_id: accountId,
    id,
    title,
    description,
    color,
    show_on_sidebar: show_on_sidebar ? 1 : 0,
    created_at: now,
    updated_at: now,
  })
  const label = await getLabel(tx, actor, id)
  await labelEvents.created(tx, actor, label)
  return label
}

/** Creates a label unless the account has one with this title, in the caller's transaction. */
export async function ensureLabel(tx: Queries, actor: Actor, input: NewLabel): Promise<void> {
  const ids = await selectLabelIds(tx, actor.accountId, [input.title])
  if (!ids.has(input.title)) await addLabel(tx, actor, input)
}

/** Creates the labels with these titles that the account does not have. Throws `invalid` for a title that cannot be one. */
export function ensureLabels(database: Database, actor: Actor, titles: string[]): Promise<void> {
  const labels = titles.map((title) => ({ title }) as NewLabel)
  for (const label of labels) assertValid(checkNew, label, 'labels')
  return database.transaction(actor.accountId, async (tx) => {
    for (const label of labels) await ensureLabel(tx, actor, label)
  })
}

/**
 * Changes a label. Its conversations show the new title at once. Throws `not_found`, or `invalid` if another label has
 * the title.
 */
export function changeLabel(
  database: Database,
  actor: Actor,
  id: number,
  { title, description, color, show_on_sidebar }: LabelChange,
): Promise<Label> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getLabel(tx, actor, id)
    if (title !== undefined && title !== before.title) await assertTitleUnused(tx, accountId, title)
    await updateLabel(tx, accountId, id, {
      title: title ?? before.title,
      description: description === undefined ? before.description : description,
      color: color ?? before.color,
      show_on_sidebar: (show_on_sidebar ?? before.show_on_sidebar) ? 1 : 0,
      updated_at: Date.now(),
    })
    const label = await getLabel(tx, actor, id)
    await labelEvents.updated(tx, actor, before, label)
    return label
  })
}

/** Deletes a label and removes it from its conversations. Throws `not_found`. */
export function removeLabel(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const label = await getLabel(tx, actor, id)
    await deleteLabel(tx, actor.accountId, id)
    await labelEvents.deleted(tx, actor, label)
  })
}

/** Returns the ids of labels by title. Throws `invalid` with the titles that the account does not have. */
export async function labelIds(
  queries: Queries,
  accountId: number,
  titles: string[],
): Promise<Map<string, number>> {
  const ids = await selectLabelIds(queries, accountId, titles)
  const unknown = titles.filter((title) => !ids.has(title))
  if (unknown.length > 0)
    throw invalid('labels', `names no label of this account: ${unknown.join(', ')}`, 'not_found')
  return ids
}

async function assertTitleUnused(tx: Queries, accountId: number, title: string): Promise<void> {
  const id = (await selectLabelIds(tx, accountId, [title])).get(title)
  if (id !== undefined) throw invalid('title', `is already used by label ${id}`, 'taken')
}
