import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, listQuery, ref } from '../../lib/schema.ts'
import { changeProfile } from './profile.ts'
import { AccessToken, NewAccessToken, Profile, ProfileChange, Session } from './schema.ts'
import { getProfile } from './service.ts'
import { endOtherSessions, endOwnSession, listSessions } from './sessions.ts'
import { addToken, listTokens, revokeToken } from './tokens.ts'

const tags = ['Profile']
const config = { accountless: true }

/** The profile, access tokens and sessions of the user who makes the request. */
export function profileRoutes(app: Server, context: Context): void {
  const { database } = context
  for (const schema of [Profile, AccessToken, Session]) app.addSchema(schema)

  const get = {
    summary: 'Get your profile',
    description: 'With the accounts that the token can use. With a session, all accounts of the user.',
    tags,
    response: { 200: ref(Profile) },
  }
  app.get('/api/v1/profile', { schema: get, config }, ({ person }) => getProfile(database.read, person))

  const change = {
    summary: 'Change your name, availability, language or password',
    tags,
    body: ProfileChange,
    response: { 200: ref(Profile) },
  }
  app.patch('/api/v1/profile', { schema: change, config }, ({ person, body }) =>
    changeProfile(database, person, body),
  )
  tokenRoutes(app, context)
  sessionRoutes(app, context)
}

function tokenRoutes(app: Server, { database }: Context): void {
  const list = {
    summary: 'List your access tokens',
    description: 'With a token, only tokens for the same account.',
    tags,
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(AccessToken)) }) },
  }
  app.get('/api/v1/profile/access_tokens', { schema: list, config }, async ({ person }) => {
    return { payload: await listTokens(database.read, person) }
  })

  const create = {
    summary: 'Create an access token',
    description:
      'The token is shown only in this response. It is for one account, and ends when the user leaves that account. A token cannot create one with more scopes, for another account, or that expires later. A member can have at most 50 tokens that have not expired (409).',
    tags,
    body: NewAccessToken,
    response: { 201: Type.Object({ ...AccessToken.properties, token: Type.String() }) },
  }
  app.post('/api/v1/profile/access_tokens', { schema: create, config }, async ({ person, body }, reply) => {
    reply.code(201)
    return addToken(database, person, body)
  })

  const revoke = {
    summary: 'Revoke an access token',
    description: 'It stops working from the next request on.',
    tags,
    params: Type.Object({ access_token_id: id() }),
    response: { 204: Type.Null({ description: 'Revoked.' }) },
  }
  app.delete(
    '/api/v1/profile/access_tokens/:access_token_id',
    { schema: revoke, config },
    async ({ person, params }, reply) => {
      await revokeToken(database, person, params.access_token_id)
      reply.code(204)
      return null
    },
  )
}

function sessionRoutes(app: Server, { database }: Context): void {
  const path = '/api/v1/profile/sessions'
  const list = {
    summary: 'List your sessions',
    description: 'The browsers in which you are signed in, most recently used first.',
    tags,
    querystring: listQuery(),
    response: { 200: Type.Object({ payload: Type.Array(ref(Session)) }) },
  }
  app.get(path, { schema: list, config }, async ({ person }) => {
    return { payload: await listSessions(database.read, person) }
  })

  const end = {
    summary: 'End a session',
    description: 'The browser is signed out from its next request on.',
    tags,
    params: Type.Object({ session_id: id() }),
    response: { 204: Type.Null({ description: 'Ended.' }) },
  }
  app.delete(`${path}/:session_id`, { schema: end, config }, async ({ person, params }, reply) => {
    await endOwnSession(database, person, params.session_id)
    reply.code(204)
    return null
  })

  const endOthers = {
    summary: 'End all other sessions',
    description: 'All except the one that makes this request. With a token, all.',
    tags,
    response: { 204: Type.Null({ description: 'Ended.' }) },
  }
  app.delete(path, { schema: endOthers, config }, async ({ person }, reply) => {
    await endOtherSessions(database, person)
    reply.code(204)
    return null
  })
}
