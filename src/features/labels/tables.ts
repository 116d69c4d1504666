import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    labels: Label
    visitor_labels: VisitorLabel
  }
}

interface Label extends Timestamps {
  account_id: number
  id: number
  title: string
  description: string | null
  color: string
  show_on_sidebar: number
}

/** A label that the contacts of an inbox may set and remove. */
interface VisitorLabel {
  account_id: number
  inbox_id: number
  label_id: number
}
