import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, seconds } from '../../lib/schema.ts'
import { visibilitySchema } from '../../lib/visibility.ts'
import { mostSelectors, Selector } from '../filters/schema.ts'

/** The maximum number of views of an account, and of each user for themselves. */
export const mostViews = 200

const filter = Type.Array(Selector, {
  minItems: 1,
  maxItems: mostSelectors,
  description:
    'Which conversations it shows, as the `payload` of a filter of conversations. The value `me` of `assignee_id` is whoever asks.',
})

export const View = named(
  'View',
  Type.Object({
    id: id(),
    name: Type.String(),
    visibility: visibilitySchema(),
    author_id: id('Its author.'),
    filter,
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type View = Static<typeof View>

const example = {
  name: 'Urgent, of nobody',
  filter: [
    { attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: 'AND' },
    { attribute_key: 'priority', filter_operator: 'equal_to', values: ['urgent'], query_operator: 'AND' },
    { attribute_key: 'assignee_id', filter_operator: 'is_not_present', values: [] },
  ],
}

export const NewView = Type.Object(
  {
    name: filledText(100),
    filter,
    visibility: visibilitySchema({ default: 'account' }),
  },
  { examples: [example] },
)
export type NewView = Static<typeof NewView>

export const ViewChange = Type.Object({
  name: Type.Optional(filledText(100)),
  filter: Type.Optional(filter),
})
export type ViewChange = Static<typeof ViewChange>

export const ViewQuery = listQuery({
  cursor: Type.Optional(Type.String({ maxLength: 100, description: '`meta.next` of the page before.' })),
})
export type ViewQuery = Static<typeof ViewQuery>
