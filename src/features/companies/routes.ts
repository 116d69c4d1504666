import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { listCompanies, searchCompanies } from './list.ts'
import {
  Company,
  CompanyChange,
  CompanyMeta,
  CompanyQuery,
  CompanySearch,
  companiesPerPage,
  NewCompany,
} from './schema.ts'
import { changeCompany, createCompany, getCompany, removeCompany } from './service.ts'

const tags = ['Companies']
const params = Type.Object({ account_id: id() })
const one = Type.Object({ account_id: id(), company_id: id() })
const path = '/companies/:company_id'

export function companyRoutes(app: Server, { database }: Context): void {
  app.addSchema(Company)

  const list = {
    summary: 'List companies',
    description: `${companiesPerPage} per page.`,
    tags,
    params,
    querystring: CompanyQuery,
    response: { 200: Type.Object({ payload: Type.Array(ref(Company)), meta: CompanyMeta }) },
  }
  app.get('/companies', { schema: list }, ({ actor, query }) => listCompanies(database.read, actor, query))

  const search = {
    summary: 'Search companies',
    description: `The first ${companiesPerPage}, in the order of their names; a company that has exactly this name comes first.`,
    tags,
    params,
    querystring: CompanySearch,
    response: { 200: Type.Object({ payload: Type.Array(ref(Company)) }) },
  }
  app.get('/companies/search', { schema: search }, ({ actor, query }) =>
    searchCompanies(database.longReads, actor, query),
  )

  const create = {
    summary: 'Create a company',
    description: 'Contacts that exist already do not change.',
    tags,
    params,
    body: NewCompany,
    response: { 201: ref(Company) },
  }
  app.post('/companies', { schema: create }, async ({ actor, body }, reply) => {
    reply.code(201)
    return createCompany(database, actor, body)
  })

  const get = { summary: 'Get a company', tags, params: one, response: { 200: ref(Company) } }
  app.get(path, { schema: get }, ({ actor, params }) => getCompany(database.read, actor, params.company_id))

  const change = {
    summary: 'Change a company',
    description: 'Fields that are left out do not change; null empties a field.',
    tags,
    params: one,
    body: CompanyChange,
    response: { 200: ref(Company) },
  }
  app.patch(path, { schema: change }, ({ actor, params, body }) =>
    changeCompany(database, actor, params.company_id, body),
  )

  const remove = {
    summary: 'Delete a company',
    description: 'Its contacts stay, and no longer belong to a company.',
    tags,
    params: one,
    response: { 204: Type.Null({ description: 'The company is deleted.' }) },
  }
  app.delete(path, { schema: remove, config: { administrator: true } }, async ({ actor, params }, reply) => {
    await removeCompany(database, actor, params.company_id)
    reply.code(204)
    return null
  })
}
