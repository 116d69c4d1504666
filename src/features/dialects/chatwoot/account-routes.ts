import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Credential, credentialOf } from '../../../http/auth.ts'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { assertNoForeignPage } from '../../../http/session.ts'
import type { Actor, Person } from '../../../lib/actor.ts'
import { filledText, id } from '../../../lib/schema.ts'
import { getAccount, renameAccount } from '../../accounts/service.ts'
import { noticeSender } from '../../sign-in/mails.ts'
import { SignIn } from '../../sign-in/schema.ts'
import { signIn, signOut } from '../../sign-in/service.ts'
import { changeProfile } from '../../users/profile.ts'
import { Availability, Name, ProfileChange } from '../../users/schema.ts'
import { getProfile } from '../../users/service.ts'
import { toProfile } from './objects/profile.ts'
import { userPubsubToken } from './pubsub-tokens.ts'
import { accountPath, reading } from './scope.ts'

/** The version of Chatwoot whose API this is. */
const version = '4.15.1'

/** Signing in, the profile, and the account. */
export function accountRoutes(app: Server, context: Context): void {
  const { database, config: settings } = context
  const { publicUrl } = settings
  const { read } = database
  const isPublic = { public: true }

  app.get('/api', { config: isPublic }, () => ({
    version,
    timestamp: new Date().toISOString().slice(0, 19).replace('T', ' '),
    queue_services: 'ok',
    data_services: 'ok',
  }))

  /** The user of a credential. It is also their `access_token`, so there is no other one that could get lost. */
  async function showUser(person: Pick<Person, 'userId' | 'tokenId'>, credential: Credential) {
    const profile = await getProfile(read, person)
    const pubsubToken = await userPubsubToken(read, profile.id, credential)
    return toProfile(profile, { accessToken: credential.secret, pubsubToken })
  }

  const show = (request: FastifyRequest) => showUser(request.person, credentialOf(request)!)

  const notify = noticeSender(settings, app.log)
  const preParsing = async (request: FastifyRequest) => assertNoForeignPage(request, publicUrl)
  app.post(
    '/auth/sign_in',
    {
      schema: { body: SignIn },
      config: isPublic,
      preParsing,
      ...reading((parameters) => ({ email: parameters.text('email'), password: parameters.raw('password') })),
    },
    async (request, reply) => {
      const { ip, headers, body } = request
      const userAgent = headers['user-agent']?.slice(0, 500) ?? null
      const browser = { address: ip, userAgent, device: undefined }
      const { profile, secret } = await signIn(database, body, browser, notify)
      const data = await showUser({ userId: profile.id, tokenId: 0 }, { kind: 'session', secret })
      return sendSession(reply, secret, data.uid).send({ data })
    },
  )

  const accountless = { accountless: true }
  app.get('/auth/validate_token', { config: accountless }, async (request, reply) => {
    const data = await show(request)
    sendSession(reply, data.access_token, data.uid)
    return { payload: { success: true, data } }
  })
  app.delete('/auth/sign_out', { config: accountless }, async (request) => {
    await signOut(database, credentialOf(request)!.secret)
    return { success: true }
  })

  const base = '/api/v1/profile'
  app.get(base, { config: accountless }, show)

  const Change = Type.Object({ ...ProfileChange.properties, name: Type.Optional(Name) })
  app.route({
    method: ['PUT', 'PATCH'],
    url: base,
    schema: { body: Change },
    config: accountless,
    ...reading((parameters) => {
      const password = parameters.text('password')
      const current_password = parameters.text('current_password')
      const passwords = password === undefined ? {} : { password, current_password }
      return { name: parameters.text('name'), ...passwords }
    }, 'profile'),
    async handler(request) {
      await changeProfile(database, request.person, request.body)
      return show(request)
    },
  })

  app.post(
    `${base}/availability`,
    {
      schema: { body: Type.Object({ availability: Availability }) },
      config: accountless,
      ...reading((parameters) => ({ availability: parameters.text('availability') }), 'profile'),
    },
    async (request) => {
      await changeProfile(database, request.person, request.body)
      return show(request)
    },
  )
  // Here, the availability is always what the user has chosen, and a request names its account.
  app.post(`${base}/auto_offline`, { config: accountless }, show)
  app.put(`${base}/set_active_account`, { config: accountless }, (_, reply) => reply.send())

  const params = Type.Object({ account_id: id() })
  app.get(accountPath, { schema: { params } }, ({ actor }) => showAccount(actor))

  const AccountChange = Type.Object({ name: Type.Optional(filledText(255)) })
  app.route({
    method: ['PATCH', 'PUT'],
    url: accountPath,
    schema: { params, body: AccountChange },
    config: { administrator: true },
    ...reading((parameters) => ({ name: parameters.text('name') }), 'account'),
    async handler({ actor, body }) {
      if (body.name !== undefined) await renameAccount(database, actor, body.name)
      return showAccount(actor)
    },
  })

  async function showAccount({ accountId }: Actor) {
    const { name } = await getAccount(read, accountId)
    return {
      id: accountId,
      name,
      locale: 'en',
      domain: null,
      support_email: null,
      features: {},
      settings: {},
      status: 'active',
      cache_keys: {},
    }
  }
}

/** Sends a session in the headers that programs send back. `client` is there because they send it, too. */
function sendSession(reply: FastifyReply, secret: string, uid: string): FastifyReply {
  return reply.headers({
    'access-token': secret,
    client: 'ndoto',
    uid,
    'token-type': 'Bearer',
    expiry: expiryOf(),
  })
}

/** When the session ends if it is not used again, in seconds. */
function expiryOf(): string {
  return String(Math.floor(Date.now() / 1000) + 30 * 24 * 60 * 60)
}
