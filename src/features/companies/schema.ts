import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

export const companiesPerPage = 25

export const Company = named(
  'Company',
  Type.Object({
    id: id(),
    name: Type.String({ description: 'Unique in the account, ignoring case.' }),
    domain: nullable(
      Type.String({
        description:
          'A new contact whose e-mail address is at this domain belongs to the company. Unique in the account.',
      }),
    ),
    description: nullable(Type.String()),
    contacts_count: Type.Integer({ description: 'The number of contacts that belong to the company.' }),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type Company = Static<typeof Company>

/** A company as a contact shows it. */
export const CompanyName = Type.Object({ id: id(), name: Type.String() })
export type CompanyName = Static<typeof CompanyName>

const details = {
  domain: Type.Optional(
    nullable(
      Type.String({
        maxLength: 253,
        pattern: '^[^\\s@/:.]+(?:\\.[^\\s@/:.]+)+$',
        errorMessage: 'must look like example.com',
        examples: ['example.com'],
        description: 'Not one of a public mail provider such as gmail.com.',
      }),
    ),
  ),
  description: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
}

export const companyNameLength = 255

export const NewCompany = Type.Object({ name: filledText(companyNameLength), ...details })
export type NewCompany = Static<typeof NewCompany>

export const CompanyChange = Type.Object({ name: Type.Optional(filledText(companyNameLength)), ...details })
export type CompanyChange = Static<typeof CompanyChange>

export const sortKeys = ['name', 'contacts_count', 'created_at'] as const
export type SortKey = (typeof sortKeys)[number]

export const CompanyQuery = listQuery({
  sort: oneOf([...sortKeys, ...sortKeys.map((key) => `-${key}`)], {
    default: 'name',
    description: 'A leading "-" reverses the order.',
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 2000, description: '`meta.next` of the page before, with the same `sort`.' }),
  ),
})
export type CompanyQuery = Static<typeof CompanyQuery>

export const CompanyMeta = Type.Object({
  next: nullable(Type.String({ description: 'The cursor of the next page; null on the last one.' })),
})

export const CompanySearch = listQuery({
  q: filledText(255, {
    description:
      'Finds companies whose name or domain has words that begin with all of these, in any order, ignoring case and accents.',
  }),
})
export type CompanySearch = Static<typeof CompanySearch>
