import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    labels: Label
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
