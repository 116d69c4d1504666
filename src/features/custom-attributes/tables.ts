import type { AttributeModel, AttributeType } from './schema.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    custom_attribute_definitions: Definition
  }
}

interface Definition {
  account_id: number
  id: number
  attribute_model: AttributeModel
  attribute_key: string
  attribute_display_name: string
  attribute_display_type: AttributeType
  attribute_description: string | null
  /** A JSON list. */
  attribute_values: string
  regex_pattern: string | null
  regex_cue: string | null
  created_at: number
  updated_at: number
}
