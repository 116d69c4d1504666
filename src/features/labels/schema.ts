import { type Static, Type } from 'typebox'
import { id, named, nullable, seconds } from '../../lib/schema.ts'

export const Label = named(
  'Label',
  Type.Object({
    id: id(),
    title: Type.String({ description: 'Unique in the account.' }),
    description: nullable(Type.String()),
    color: Type.String(),
    show_on_sidebar: Type.Boolean(),
    created_at: seconds(),
  }),
)
export type Label = Static<typeof Label>

const title = Type.String({
  maxLength: 50,
  pattern: '^[a-z0-9_-]{1,50}$',
  errorMessage: 'must be 1 to 50 lowercase letters (a-z), digits, "-" or "_"',
})
const description = nullable(Type.String({ maxLength: 1000 }))
const color = {
  maxLength: 32,
  pattern: '^#[0-9a-fA-F]{6}$',
  errorMessage: 'must be a color like #1F93FF',
}

export const NewLabel = Type.Object({
  title,
  description: Type.Optional(description),
  color: Type.String({ ...color, default: '#1F93FF' }),
  show_on_sidebar: Type.Boolean({ default: true }),
})
export type NewLabel = Static<typeof NewLabel>

export const LabelChange = Type.Object({
  title: Type.Optional(title),
  description: Type.Optional(description),
  color: Type.Optional(Type.String(color)),
  show_on_sidebar: Type.Optional(Type.Boolean()),
})
export type LabelChange = Static<typeof LabelChange>

export const VisitorLabels = Type.Object({
  labels: Type.Array(title, { maxItems: 100, description: 'Titles of labels of the account.' }),
})
