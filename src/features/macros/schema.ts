import { type Static, Type } from 'typebox'
import { anyObject, filledText, id, named, nullable, seconds } from '../../lib/schema.ts'
import { visibilitySchema } from '../../lib/visibility.ts'
import { Action, mostActions } from '../actions/schema.ts'

/** The maximum number of macros of an account, and of each user for themselves. */
export const mostMacros = 200

/** How long a run can be undone, in milliseconds. */
export const undoTime = 5 * 60_000

const actions = Type.Array(Action, { minItems: 1, maxItems: mostActions })

export const Macro = named(
  'Macro',
  Type.Object({
    id: id(),
    name: Type.String(),
    visibility: visibilitySchema(),
    author_id: id('Its author.'),
    actions,
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type Macro = Static<typeof Macro>

export const NewMacro = Type.Object({
  name: filledText(100),
  actions,
  visibility: visibilitySchema({ default: 'account' }),
})
export type NewMacro = Static<typeof NewMacro>

export const MacroChange = Type.Object({
  name: Type.Optional(filledText(100)),
  actions: Type.Optional(actions),
})
export type MacroChange = Static<typeof MacroChange>

export const MacroTarget = Type.Object({ conversation_id: id() })

const changes = {
  before: anyObject({ description: 'The fields that change, with their values before.' }),
  after: anyObject({ description: 'The same fields with their values after.' }),
}

export const MacroPreview = Type.Object({
  ...changes,
  messages: Type.Array(Type.Object({ content: Type.String(), private: Type.Boolean() })),
})
export type MacroPreview = Static<typeof MacroPreview>

export const MacroRun = named(
  'MacroRun',
  Type.Object({
    id: id(),
    macro_id: id(),
    conversation_id: id(),
    run_by: id(),
    ...changes,
    message_ids: Type.Array(id(), { description: 'The messages that it has sent.' }),
    undoable_until: seconds(),
    undone_at: nullable(seconds()),
  }),
)
export type MacroRun = Static<typeof MacroRun>
