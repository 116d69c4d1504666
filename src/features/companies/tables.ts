import type { Generated } from 'kysely'
import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    companies: Company
    company_words: CompanyWord
  }
}

interface Company extends Timestamps {
  account_id: number
  id: number
  name: string
  /** The form in which names are compared and sorted. */
  folded_name: string
  domain: string | null
  description: string | null
  /** Only triggers write it. */
  contacts_count: Generated<number>
}

/** A word of the name or the domain of a company. */
interface CompanyWord {
  account_id: number
  word: string
  company_id: number
}
