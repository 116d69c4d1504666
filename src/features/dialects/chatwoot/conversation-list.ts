import type { Database, Queries } from '../../../db/database.ts'
import type { Actor } from '../../../lib/actor.ts'
import { invalidFields } from '../../../lib/errors.ts'
import { checker } from '../../../lib/validate.ts'
import { filterConversations } from '../../conversations/filter.ts'
import { countConversations, listConversations } from '../../conversations/list.ts'
import { ConversationQuery, type Conversation as MainConversation } from '../../conversations/schema.ts'
import { conversationsPerPage } from '../../conversations/search.ts'
import { conversationsJson } from './conversations.ts'
import { countUpTo, pageNumber } from './filter-parameters.ts'
import type { Parameters } from './parameters.ts'
import { defined } from './scope.ts'

/** The counts of a list, as Chatwoot calls them: its `assigned_count` includes the conversations of the user who asks. */
interface Counts {
  mine_count: number
  assigned_count: number
  unassigned_count: number
  all_count: number
}

interface Page {
  meta: Counts
  conversations: MainConversation[]
}

/** Returns a page of the conversations that the parameters ask for, as JSON. */
export async function conversationPage(
  { read, longReads }: Pick<Database, 'read' | 'longReads'>,
  actor: Actor,
  parameters: Parameters,
) {
  const { meta, conversations } = await findPage(longReads, actor, parameters)
  const payload = await conversationsJson(read, actor, conversations)
  return `{"data":{"meta":${JSON.stringify(meta)},"payload":${payload}}}`
}

async function findPage(queries: Queries, actor: Actor, parameters: Parameters): Promise<Page> {
  const labels = parameters.texts('labels') ?? []
  if (labels.length > 1 && !listTypeOf(parameters) && !parameters.has('source_id'))
    return withAnyLabel(queries, actor, parameters, labels)
  const { data } = await listConversations(queries, actor, listQuery(parameters))
  const within = parameters.number('updated_within')
  const oldest = within === undefined ? 0 : Date.now() / 1000 - within
  const conversations = data.payload.filter(({ updated_at }) => updated_at >= oldest)
  return { meta: countsOf(data.meta), conversations }
}

/** Returns the counts of the list that the parameters ask for. */
export async function conversationCounts(queries: Queries, actor: Actor, parameters: Parameters) {
  const { page: _, q: _q, sort: _sort, ...narrowing } = listQuery(parameters)
  return { meta: countsOf(await countConversations(queries, actor, narrowing)) }
}

const check = checker(ConversationQuery)

/** The query of the main API for these parameters. Orders that it does not have are that of the last activity. */
function listQuery(parameters: Parameters): ConversationQuery {
  const sorted = /^(created_at|last_activity_at|updated_at)/.exec(parameters.text('sort_by') ?? '')?.[1]
  const listType = listTypeOf(parameters)
  const source_id = listType ? undefined : parameters.text('source_id')
  const query = defined({
    // A bridge that looks for the conversation of a contact does not name a status.
    status: parameters.text('status') ?? (source_id === undefined ? undefined : 'all'),
    assignee_type: parameters.text('assignee_type'),
    inbox_id: parameters.number('inbox_id'),
    team_id: parameters.number('team_id'),
    labels: parameters.texts('labels'),
    ...listType,
    source_id,
    q: source_id === undefined && !listType ? parameters.text('q') : undefined,
    sort: listType ? undefined : parameters.has('updated_within') ? 'updated_at' : sorted,
    page: pageNumber(parameters),
  })
  const errors = check(query)
  if (errors.length > 0) throw invalidFields(errors)
  return query as ConversationQuery
}

const listTypes: Record<string, Pick<ConversationQuery, 'involvement' | 'unattended'>> = {
  mention: { involvement: 'mentioned' },
  participating: { involvement: 'participating' },
  unattended: { unattended: true },
}

function listTypeOf(parameters: Parameters) {
  const type = parameters.text('conversation_type') ?? ''
  return Object.hasOwn(listTypes, type) ? listTypes[type] : undefined
}

/** Chatwoot lists the conversations with any of the labels, and so does a filter. */
async function withAnyLabel(queries: Queries, actor: Actor, parameters: Parameters, labels: string[]) {
  const offset = (pageNumber(parameters) - 1) * conversationsPerPage
  const test = (attribute_key: string, values: (string | number)[]) =>
    ({ attribute_key, filter_operator: 'equal_to', values, query_operator: 'AND' }) as const
  const ids = (['inbox_id', 'team_id'] as const).flatMap((name) => {
    const value = parameters.number(name)
    return value === undefined ? [] : [test(name, [value])]
  })
  const payload = [test('labels', labels), test('status', [parameters.text('status') ?? 'open']), ...ids]
  const page = await filterConversations(queries, actor, { payload }, { offset })
  return pageOf(page.payload, countUpTo(offset, page.payload, page.meta.before_id !== null), actor)
}

/** A page whose counts are those of the conversations on it, except for `all`. */
export function pageOf(conversations: MainConversation[], all = conversations.length, actor?: Actor): Page {
  const assignees = conversations.map(({ meta }) => meta.assignee?.id)
  const unassigned = assignees.filter((id) => id === undefined).length
  const meta = {
    mine_count: assignees.filter((id) => id !== undefined && id === actor?.userId).length,
    assigned_count: all - unassigned,
    unassigned_count: unassigned,
    all_count: all,
  }
  return { meta, conversations }
}

function countsOf({
  mine_count,
  unassigned_count,
  all_count,
}: Pick<Counts, 'mine_count' | 'unassigned_count' | 'all_count'>): Counts {
  return { mine_count, assigned_count: all_count - unassigned_count, unassigned_count, all_count }
}
