import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { id, ref } from '../../lib/schema.ts'
import { addToken, changeProfile, listTokens, revokeToken } from './profile.ts'
import { AccessToken, NewAccessToken, Profile, ProfileChange } from './schema.ts'
import { getProfile } from './service.ts'

const tags = ['Profile']
const config = { accountless: true }

export function profileRoutes(app: Server, { database }: Context): void {
  for (const schema of [Profile, AccessToken]) app.addSchema(schema)

  const get = {
    summary: 'Get the user whose token it is',
    tags,
    response: { 200: ref(Profile) },
  }
  app.get('/api/v1/profile', { schema: get, config }, ({ person }) =>
    getProfile(database.read, person.userId),
  )

  const change = {
    summary: 'Change one’s own name, availability or password',
    tags,
    body: ProfileChange,
    response: { 200: ref(Profile) },
  }
  app.patch('/api/v1/profile', { schema: change, config }, ({ person, body }) =>
    changeProfile(database, person, body),
  )

  const list = {
    summary: 'List one’s access tokens',
    tags,
    response: { 200: Type.Object({ payload: Type.Array(ref(AccessToken)) }) },
  }
  app.get('/api/v1/profile/access_tokens', { schema: list, config }, async ({ person }) => {
    return { payload: await listTokens(database.read, person) }
  })

  const create = {
    summary: 'Make an access token',
    description:
      'This answer alone shows it. A token cannot make one with more scopes than its own, or one that ends later.',
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
