import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { changeProfile } from './profile.ts'
import { AccessToken, NewAccessToken, Profile, ProfileChange, Session } from './schema.ts'
import { getProfile } from './service.ts'
import { endOtherSessions, endOwnSession, listSessions } from './sessions.ts'
import { addToken, listTokens, revokeToken } from './tokens.ts'

const tags = ['Profile']
const config = { accountless: true }

export function profileRoutes(app: Server, context: Context): void {
  const { database } = context
  for (const schema of [Profile, AccessToken, Session]) app.addSchema(schema)

  const get = {
    summary: 'Get the user whose token it is',
    description: 'With the accounts that the token opens; with a session all accounts of the user.',
    tags,
    response: { 200: ref(Profile) },
  }
  app.get('/api/v1/profile', { schema: get, config }, ({ person }) => getProfile(database.read, person))

  const change = {
    summary: 'Change one’s own name, availability or password',
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
    summary: 'List one’s access tokens',
    description: 'With a token, those that open an account that it opens.',
    tags,
    response: { 200: Type.Object({ payload: Type.Array(ref(AccessToken)) }) },
  }
  app.get('/api/v1/profile/access_tokens', { schema: list, config }, async ({ person }) => {
    return { payload: await listTokens(database.read, person) }
  })

  const create = {
    summary: 'Make an access token',
    description:
      'This answer alone shows it. It opens one account, and ends when the user leaves that. A token cannot make one with more scopes than its own, for another account, or one that ends later. A member has at most 50 tokens that have not expired (422).',
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
    description: 'From the next request on it is unknown.',
    tags,
    params: Type.Object({ access_token_id: id() }),
    response: { 204: Type.Null({ description: 'It is gone.' }) },
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
    summary: 'List one’s sessions',
    description: 'The browsers in which the user is signed in, those used last first.',
    tags,
    response: { 200: Type.Object({ payload: Type.Array(ref(Session)) }) },
  }
  app.get(path, { schema: list, config }, async ({ person }) => {
    return { payload: await listSessions(database.read, person) }
  })

  const end = {
    summary: 'End a session',
    description: 'From the next request on its browser is signed out.',
    tags,
    params: Type.Object({ session_id: id() }),
    response: { 204: Type.Null({ description: 'It has ended.' }) },
  }
  app.delete(`${path}/:session_id`, { schema: end, config }, async ({ person, params }, reply) => {
    await endOwnSession(database, person, params.session_id)
    reply.code(204)
    return null
  })

  const endOthers = {
    summary: 'End all other sessions',
    description: 'All but the one that asks; with a token, all.',
    tags,
    response: { 204: Type.Null({ description: 'They have ended.' }) },
  }
  app.delete(path, { schema: endOthers, config }, async ({ person }, reply) => {
    await endOtherSessions(database, person)
    reply.code(204)
    return null
  })
}
