import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Context } from '../../http/feature.ts'
import type { Server } from '../../http/server.ts'
import { assertNoForeignPage, sessionOf, setSession } from '../../http/session.ts'
import { ref } from '../../lib/schema.ts'
import { Profile } from '../users/schema.ts'
import { deviceOf, setDevice } from './device.ts'
import { confirmEmail, requestEmailChange } from './email-change.ts'
import { acceptInvitation, getInvitation } from './invitations.ts'
import { linkSender, noticeSender, type SendLink, type SendNotice } from './mails.ts'
import {
  Acceptance,
  EmailChange,
  EmailConfirmation,
  ForgottenPassword,
  Invitation,
  InvitationToken,
  PasswordReset,
  SignIn,
} from './schema.ts'
import { type Browser, resetPassword, type SignInResult, sendForgotten, signIn, signOut } from './service.ts'

const tags = ['Signing in']
const config = { public: true }
const noContent = (description: string) => ({ 204: Type.Null({ description }) })

/** Signing in to the dashboard with a cookie, accepting invitations, resetting passwords, and changing addresses. */
export function signInRoutes(app: Server, context: Context): void {
  const { database, config: settings } = context
  const { publicUrl } = settings
  const send = linkSender(settings, app.log)
  const notify = noticeSender(settings, app.log)
  const begin = (reply: FastifyReply, { profile, secret, device }: SignInResult) => {
    setSession(reply, secret, publicUrl)
    setDevice(reply, device, publicUrl)
    return profile
  }
  const preParsing = async (request: FastifyRequest) => assertNoForeignPage(request, publicUrl)

  const signingIn = {
    summary: 'Sign in',
    description:
      'Sets the cookie `ndoto_session` (`__Host-ndoto_session` if the public address is https), which works like an access token. The session ends 30 days after its last use, and at most 90 days after it began. After 10 wrong passwords in 15 minutes for an e-mail address from one network (30 for any addresses, 100 for an address from anywhere) the response is 429. A browser in which the user has signed in before has its own limit.',
    tags,
    body: SignIn,
    response: { 200: ref(Profile) },
  }
  app.post('/auth/sign_in', { schema: signingIn, config, preParsing }, async (request, reply) => {
    return begin(reply, await signIn(database, request.body, browserOf(request), notify))
  })

  const signingOut = {
    summary: 'Sign out',
    description: 'Ends the session of the cookie, and deletes the cookie.',
    tags,
    response: noContent('Signed out.'),
  }
  app.post('/auth/sign_out', { schema: signingOut, config, preParsing }, async (request, reply) => {
    await signOut(database, sessionOf(request))
    setSession(reply, null, publicUrl)
    reply.code(204)
    return null
  })

  app.addSchema(Invitation)
  const showing = {
    summary: 'Show an invitation',
    description:
      'Whom an invitation is for, and to which account, for the page on which it is accepted. The token of its link stays valid. It is in the body because addresses end up in logs.',
    tags,
    body: InvitationToken,
    response: { 200: ref(Invitation) },
  }
  app.post('/auth/invitation/details', { schema: showing, config, preParsing }, ({ body }) =>
    getInvitation(database.read, body.token),
  )

  const accepting = {
    summary: 'Accept an invitation',
    description:
      'With the token of its link, once and within 7 days. Sets the password and signs in. If a member of another account already signs in with the address, that user joins this account, and must send their `current_password` and choose a new one.',
    tags,
    body: Acceptance,
    response: { 200: ref(Profile) },
  }
  app.post('/auth/invitation', { schema: accepting, config, preParsing }, async (request, reply) => {
    return begin(reply, await acceptInvitation(database, request.body, browserOf(request)))
  })

  const forgetting = {
    summary: 'Request a link to reset a password',
    description: 'The response does not reveal whether a user has the address.',
    tags,
    body: ForgottenPassword,
    response: noContent(
      'If a user has the address and a mail server is configured, the link will be mailed.',
    ),
  }
  app.post(
    '/auth/password/forgot',
    { schema: forgetting, config, preParsing },
    async ({ body, ip }, reply) => {
      // In the background: the time of the response must not reveal whether a user has the address.
      if (send)
        sendForgotten(database, body.email, ip, publicUrl, send).catch((err) =>
          app.log.error({ err }, 'a link to reset a password was not sent'),
        )
      reply.code(204)
      return null
    },
  )

  const resetting = {
    summary: 'Reset a password',
    description:
      'With the token of a link, once and within an hour. Ends all sessions of the user, and all access tokens unless `end_tokens` is false.',
    tags,
    body: PasswordReset,
    response: noContent('The new password is set. Sign in with it.'),
  }
  app.post('/auth/password/reset', { schema: resetting, config, preParsing }, async (request, reply) => {
    setDevice(reply, await resetPassword(database, request.body, browserOf(request)), publicUrl)
    reply.code(204)
    return null
  })
  emailRoutes(app, context, { send, notify })
}

interface Mails {
  send: SendLink | undefined
  notify: SendNotice | undefined
}

/** Changing the e-mail address with which a user signs in. */
function emailRoutes(app: Server, { database, config: { publicUrl } }: Context, mails: Mails): void {
  const requesting = {
    summary: 'Change your e-mail address',
    description:
      'Mails a link to the new address, which must be opened within an hour. Until then you sign in with the old one. Requires your password, and a mail server (409 without one).',
    tags: ['Profile'],
    body: EmailChange,
    response: noContent('The link was mailed.'),
  }
  const path = '/api/v1/profile/email'
  app.post(path, { schema: requesting, config: { accountless: true } }, async ({ person, body }, reply) => {
    await requestEmailChange(database, person.userId, body, publicUrl, mails.send)
    reply.code(204)
    return null
  })

  const confirming = {
    summary: 'Confirm a new e-mail address',
    description: 'With the token of its link, once and within an hour. The old address is notified.',
    tags,
    body: EmailConfirmation,
    response: noContent('You sign in with the new address.'),
  }
  const preParsing = async (request: FastifyRequest) => assertNoForeignPage(request, publicUrl)
  app.post('/auth/email', { schema: confirming, config, preParsing }, async ({ body }, reply) => {
    await confirmEmail(database, body.token, mails.notify)
    reply.code(204)
    return null
  })
}

function browserOf(request: FastifyRequest): Browser {
  const userAgent = request.headers['user-agent']?.slice(0, 500) ?? null
  return { address: request.ip, userAgent, device: deviceOf(request) }
}
