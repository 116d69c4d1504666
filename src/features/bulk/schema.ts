import { type Static, Type } from 'typebox'
import { id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'
import { Action, mostActions } from '../actions/schema.ts'

/** The maximum number of conversations of a bulk action, and of those that a request can name. */
export const mostTargets = 10_000
export const mostNamed = 1000

/** How many bulk actions of a user can run at the same time. */
export const mostRunning = 5

/** How long a bulk action can be undone after its end, and how long it is kept, in milliseconds. */
export const undoTime = 3_600_000
export const keptTime = 24 * 3_600_000

const actions = Type.Array(Action, { minItems: 1, maxItems: mostActions })

export const bulkStatuses = ['collecting', 'running', 'done', 'stopped', 'undoing', 'undone'] as const
export type BulkStatus = (typeof bulkStatuses)[number]

export const BulkAction = named(
  'BulkAction',
  Type.Object({
    id: id(),
    author_id: id('The user in whose name it runs.'),
    view_id: nullable(id('The view whose conversations it changes.')),
    actions,
    status: oneOf([...bulkStatuses], {
      description: '`collecting`: the conversations of the view are being listed; none is changed yet.',
    }),
    total: Type.Integer({ description: 'The number of its conversations; it grows while it is collecting.' }),
    capped: Type.Boolean({ description: `True if the view has more than ${mostTargets} conversations.` }),
    done_count: Type.Integer(),
    failed_count: Type.Integer(),
    undone_count: Type.Integer(),
    kept_count: Type.Integer({
      description: 'Conversations that were not undone, because something has changed in them since.',
    }),
    failures: Type.Array(Type.Object({ conversation_id: id(), error: Type.String() }), {
      description: 'The first conversations in which it has failed.',
    }),
    undoable_until: nullable(seconds('Null while it is running, and once it was undone.')),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type BulkAction = Static<typeof BulkAction>

export const NewBulkAction = Type.Object(
  {
    conversation_ids: Type.Optional(
      Type.Array(id(), { minItems: 1, maxItems: mostNamed, description: 'Required without `view_id`.' }),
    ),
    view_id: Type.Optional(id('All conversations of this view, too.')),
    actions,
  },
  {
    examples: [
      {
        conversation_ids: [1],
        actions: [{ action_name: 'change_status', action_params: ['resolved'] }],
      },
    ],
  },
)
export type NewBulkAction = Static<typeof NewBulkAction>
