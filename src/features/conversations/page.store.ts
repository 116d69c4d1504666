import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { prepare } from '../../db/prepare.ts'
import { type PageStart, selectConversations } from './conversation.store.ts'
import { type Counts, countsOf, none } from './counts.store.ts'
import { countable, type Relation, recent, related } from './labelled.store.ts'
import { grouped, members, type PageRange, type Sort, sorted, walked, whole } from './ordered.store.ts'
import type { Conversation } from './schema.ts'
import { ofSource } from './source.store.ts'

/**
 * How the conversations of a page are found:
 * - `whole`: in the order of the list, none is left out
 * - `walked`: in the order of the list, only those that match
 * - `grouped`: the newest of each group that matches
 * - `members`: all conversations of the groups that match are sorted
 * - `related`: all conversations of a relation, such as a label, are sorted
 * - `recent`: from the conversations of a relation, which have approximately the order of the list
 * - `source`: all conversations of the contacts that a `source_id` names are sorted
 */
export type Reading = 'whole' | 'walked' | 'grouped' | 'members' | 'related' | 'recent' | 'source'

/** What the statement for a page depends on, apart from its parameters. */
interface Shape {
  reading: Reading
  relation: Relation
  sort: Sort
  isOneStatus: boolean
  isOneAssignee: boolean
}

function idsOf({ reading, relation, sort, isOneStatus, isOneAssignee }: Shape, p: PageRange, engine: Engine) {
  switch (reading) {
    case 'whole':
      return whole(p, sort, isOneStatus, engine)
    case 'walked':
      return walked(p, sort, isOneStatus, engine)
    case 'grouped':
      return grouped(p, isOneAssignee, engine)
    case 'members':
      return sorted(p, sort, members(p, isOneAssignee, engine))
    case 'related':
      return sorted(p, sort, related(relation, p, isOneStatus, engine))
    case 'recent':
      return recent(relation, p, isOneStatus, engine)
    case 'source':
      return sorted(p, sort, ofSource(p, engine))
  }
}

function pageQuery(shape: Shape) {
  return prepare<PageRange>()((builder, p, engine) => {
    const query = sql<PageStart>`select c.at, c.id from (${idsOf(shape, p, engine)}) c
      order by c.at desc, c.id desc`
    return { compile: () => query.compile(builder) }
  })
}

const readings: readonly Reading[] = ['whole', 'walked', 'grouped', 'members', 'related', 'recent', 'source']
const sorts: readonly Sort[] = ['last_activity_at', 'created_at', 'updated_at']

const relations: readonly Relation[] = ['label', 'participating', 'mentioned', 'unattended']

/** A statement for each shape. */
const pages = Object.fromEntries(
  readings.flatMap((reading) =>
    relationsOf(reading).flatMap((relation) =>
      sorts.flatMap((sort) =>
        [true, false].flatMap((isOneStatus) =>
          [true, false].map((isOneAssignee) => {
            const shape = { reading, relation, sort, isOneStatus, isOneAssignee }
            return [keyOf(shape), pageQuery(shape)]
          }),
        ),
      ),
    ),
  ),
)

function relationsOf(reading: Reading): readonly Relation[] {
  return reading === 'related' || reading === 'recent' ? relations : ['label']
}

function keyOf({ reading, relation, sort, isOneStatus, isOneAssignee }: Shape): string {
  return `${reading} ${relation} ${sort} ${isOneStatus} ${isOneAssignee}`
}

/**
 * Returns a page of conversations with their contacts, assignees, labels and last messages. `next` is the start of the next
 * page; undefined if this is the last one. `limit` of the range must be one more than the size of the page.
 *
 * The ids are read first, so the page can contain a conversation that has just stopped matching. PostgreSQL would plan a
 * statement with all details again for each page, because it does not know how long the page is. Planning it takes longer
 * than reading the page.
 */
export async function selectListPage(
  queries: Queries,
  shape: Shape,
  range: PageRange,
): Promise<{ conversations: Conversation[]; next: PageStart | undefined }> {
  const rows = await pages[keyOf(shape)]!(queries, range)
  const shown = rows.slice(0, range.limit - 1)
  const ids = shown.map(({ id }) => id)
  return {
    conversations: await selectConversations(queries, range.account_id, ids),
    next: rows.length < range.limit ? undefined : shown.at(-1),
  }
}

type Counted = Pick<Counts, 'all_count' | 'mine_count' | 'unassigned_count'>

function countQuery(conversations: (p: PageRange, engine: Engine) => RawBuilder<unknown>) {
  return prepare<PageRange>()((builder, p, engine) => {
    const query = sql<Counted>`select count(*) as all_count,
        count(case when c.assignee_id = ${p.user_id} then 1 end) as mine_count,
        count(case when coalesce(c.assignee_id, 0) = ${sql.lit(none)} then 1 end) as unassigned_count
      from (${conversations(p, engine)}) c`
    return { compile: () => query.compile(builder) }
  })
}

const countMembers = countQuery((p, engine) => members(p, false, engine))
const countRelated = Object.fromEntries(
  relations.flatMap((relation) =>
    [true, false].map((isOneStatus) => [
      `${relation} ${isOneStatus}`,
      countQuery((p, engine) => countable(relation, p, isOneStatus, engine)),
    ]),
  ),
)
const countOfSource = countQuery(ofSource)

/** Counts conversations by reading them: all that match, or `reach` of those of a relation. */
export async function countByReading(
  queries: Queries,
  {
    reading,
    relation = 'label',
    isOneStatus,
  }: { reading: 'members' | 'related' | 'source'; relation?: Relation; isOneStatus: boolean },
  range: PageRange,
): Promise<Counts> {
  const related = countRelated[`${relation} ${isOneStatus}`]!
  const count = { members: countMembers, related, source: countOfSource }[reading]
  const [row] = await count(queries, range)
  return countsOf(Number(row!.all_count), Number(row!.mine_count), Number(row!.unassigned_count))
}
