import { checker } from '../../../lib/validate.ts'
import { conversationKeys } from '../../conversations/filter.ts'
import { assertConversationFilter } from '../../conversations/filtered-list.ts'
import type { Selector } from '../../filters/schema.ts'
import { NewView } from '../../views/schema.ts'
import { createView, listViews } from '../../views/service.ts'
import type { Inboxes } from './inboxes.ts'
import type { Labels } from './labels.ts'
import type { Move } from './move.ts'
import { refusal } from './refusal.ts'
import { type SourceFilter, selectFilters } from './source-people.store.ts'
import { authorOf } from './tools.ts'

const check = checker(NewView)
const table = 'custom_filters'

/** What filters refer to. */
interface References {
  inboxes: Inboxes
  labels: Labels
  /** The ids here of teams in Chatwoot. */
  teams: Map<number, number>
}

/**
 * Makes the stored filters of conversations views of the same users. Those that cannot be the same here go into the file of
 * what is left over, and so do filters of contacts.
 */
export async function importViews(move: Move, references: References): Promise<void> {
  const { source, database, accountId, report, leftOver } = move
  const rows = await selectFilters(source, accountId)
  report.table(table, rows.length)
  for (const row of rows) {
    const name = row.name.trim().slice(0, 100)
    const author = authorOf(move, row.user_id)
    const views = await listViews(database.read, author)
    if (views.some((one) => one.name === name && one.author_id === author.userId)) {
      report.count(table, 'known')
      continue
    }
    const reason = await store(move, references, row, name)
    if (reason === undefined) {
      report.count(table, 'stored')
      continue
    }
    report.remark('stored filter left out', `${name}: ${reason}`)
    await leftOver.add(table, row)
  }
}

/** Stores a view. Returns a sentence if it cannot be one. */
async function store(move: Move, references: References, row: SourceFilter, name: string) {
  const { database, people, isDryRun } = move
  if (row.filter_type !== 0) return 'only filters of conversations can be stored'
  if (people.idOf(row.user_id) === null) return 'its user no longer exists'
  const filter = await selectorsOf(move, references, row.query)
  if (typeof filter === 'string') return filter
  const view = { name, filter, visibility: 'mine' as const }
  const [mismatch] = check(view)
  if (mismatch) return `${mismatch.field} ${mismatch.message}`
  const author = authorOf(move, row.user_id)
  return refusal(async () =>
    isDryRun ? assertConversationFilter(database.read, author, filter) : createView(database, author, view),
  )
}

/** The selectors of a filter; a sentence if one of its fields does not exist here. */
async function selectorsOf(move: Move, references: References, query: unknown): Promise<Selector[] | string> {
  const { payload } = (typeof query === 'string' ? JSON.parse(query) : query) as { payload?: unknown }
  if (!Array.isArray(payload)) return 'it has no conditions'
  const selectors: Selector[] = []
  for (const one of payload as SourceSelector[]) {
    const { attribute_key, filter_operator, attribute_model, query_operator } = one
    const isCustom = /^custom/i.test(attribute_model ?? '')
    if (!isCustom && !Object.hasOwn(conversationKeys, attribute_key))
      return `there is no field ${attribute_key}`
    if (isCustom && Object.hasOwn(conversationKeys, attribute_key)) return `${attribute_key} is a field here`
    const values = isCustom ? listOf(one.values) : await valuesOf(move, references, attribute_key, one.values)
    if (values.includes(undefined)) return `it names something that no longer exists in ${attribute_key}`
    const joined = query_operator?.toUpperCase() === 'OR' ? ('OR' as const) : ('AND' as const)
    selectors.push({ attribute_key, filter_operator, values, query_operator: joined } as Selector)
  }
  return selectors
}

interface SourceSelector {
  attribute_key: string
  filter_operator: string
  values?: unknown
  /** `standard`, `additional`, or that of a custom attribute. */
  attribute_model?: string | null
  query_operator?: string | null
}

/** The values of a condition with the ids that they have here; undefined instead of one that does not exist. */
async function valuesOf(
  { people }: Move,
  { inboxes, labels, teams }: References,
  key: string,
  given: unknown,
): Promise<unknown[]> {
  const values = listOf(given)
  if (key === 'labels') return labels.titlesOf(values.map(String))
  const idIn: Record<string, (id: number) => number | undefined> = {
    assignee_id: (id) => people.idOf(id) ?? undefined,
    inbox_id: (id) => inboxes.idOf(id),
    team_id: (id) => teams.get(id),
  }
  const idOf = Object.hasOwn(idIn, key) ? idIn[key] : undefined
  // A condition such as `is_present` has the value true.
  return idOf ? values.map((value) => (typeof value === 'boolean' ? value : idOf(Number(value)))) : values
}

function listOf(values: unknown): unknown[] {
  return values === undefined || values === null ? [] : [values].flat()
}
