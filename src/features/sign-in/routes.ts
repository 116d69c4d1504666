import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { assertNoForeignPage, sessionOf, setSession } from '../../http/session.ts'
import { ref } from '../../lib/schema.ts'
import { Profile } from '../users/schema.ts'
import { deviceOf, setDevice } from './device.ts'
import { acceptInvitation } from './invitations.ts'
import { Acceptance, ForgottenPassword, PasswordReset, SignIn } from './schema.ts'
import {
  type Browser,
  linkSender,
  noticeSender,
  resetPassword,
  type SignedIn,
  sendForgotten,
  signIn,
  signOut,
} from './service.ts'

const tags = ['Signing in']
const config = { public: true }
const done = (description: string) => ({ 204: Type.Null({ description }) })

/** The dashboard's login: cookies, and passwords that are forgotten or not yet set. */
export function signInRoutes(app: Server, { database, config: settings }: Context): void {
  const { publicUrl } = settings
  const send = linkSender(settings, app.log)
  const notify = noticeSender(settings, app.log)
  const begin = (reply: FastifyReply, { profile, secret, device }: SignedIn) => {
    setSession(reply, secret, publicUrl)
    setDevice(reply, device, publicUrl)
    return profile
  }
  const preParsing = async (request: FastifyRequest) => assertNoForeignPage(request, publicUrl)

  const signingIn = {
    summary: 'Sign in',
    description:
      'Sets the cookie `ndoto_session` (`__Host-ndoto_session` if the public address is https), which then opens what an access token opens; it ends 30 days after it was last used, and at most 90 days after it began. After 10 wrong passwords in 15 minutes for an e-mail address from one network (30 for any addresses, 100 for an address from anywhere) the answer is 429; a browser in which the user has signed in before is counted by itself.',
    tags,
    body: SignIn,
    response: { 200: ref(Profile) },
  }
  app.post('/auth/sign_in', { schema: signingIn, config, preParsing }, async (request, reply) => {
    return begin(reply, await signIn(database, request.body, browserOf(request), notify))
  })

  const signingOut = {
    summary: 'Sign out',
    description: 'Ends the session of the cookie, and takes the cookie away.',
    tags,
    response: done('Signed out.'),
  }
  app.post('/auth/sign_out', { schema: signingOut, config, preParsing }, async (request, reply) => {
    await signOut(database, sessionOf(request))
    setSession(reply, null, publicUrl)
    reply.code(204)
    return null
  })

  const accepting = {
    summary: 'Accept an invitation',
    description:
      'With the token of its link, once and within 7 days: sets the password, and signs in. If the address belongs to a user who works in another account, they join this one: that takes their `current_password` and a new one.',
    tags,
    body: Acceptance,
    response: { 200: ref(Profile) },
  }
  app.post('/auth/invitation', { schema: accepting, config, preParsing }, async (request, reply) => {
    return begin(reply, await acceptInvitation(database, request.body, browserOf(request)))
  })

  const forgetting = {
    summary: 'Ask for a link to set another password',
    description: 'The answer does not tell whether there is such a user.',
    tags,
    body: ForgottenPassword,
    response: done('Where there is such a user and a mail server, the link is on its way.'),
  }
  app.post(
    '/auth/password/forgot',
    { schema: forgetting, config, preParsing },
    async ({ body, ip }, reply) => {
      // Not waited for: how long it takes would tell whether there is such a user.
      if (send)
        sendForgotten(database, body.email, ip, publicUrl, send).catch((err) =>
          app.log.error({ err }, 'no link'),
        )
      reply.code(204)
      return null
    },
  )

  const resetting = {
    summary: 'Set another password',
    description:
      'With the token of a link, once and within an hour. All sessions of the user end, and all access tokens unless `end_tokens` is false.',
    tags,
    body: PasswordReset,
    response: done('It is set: sign in with it.'),
  }
  app.post('/auth/password/reset', { schema: resetting, config, preParsing }, async (request, reply) => {
    setDevice(reply, await resetPassword(database, request.body, browserOf(request)), publicUrl)
    reply.code(204)
    return null
  })
}

function browserOf(request: FastifyRequest): Browser {
  const userAgent = request.headers['user-agent']?.slice(0, 500) ?? null
  return { address: request.ip, userAgent, device: deviceOf(request) }
}
