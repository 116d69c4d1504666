import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { mailer } from '../../lib/mail.ts'

/** The user who gets a mail. */
export interface Recipient {
  name: string
  email: string
}

/** Mails a link to its user in the background: the time of the response must not reveal whether the user exists. */
export type SendLink = (user: Recipient, purpose: Purpose, url: string) => void

/** What a user is notified of: that somebody tries wrong passwords for their address, or that it was replaced. */
export type Notice = 'failed attempts' | 'new address'

/** Notifies a user in the background. */
export type SendNotice = (user: Recipient, notice: Notice) => void

/** What a link is for: accepting an invitation, resetting a password, or confirming a new e-mail address. */
export type Purpose = 'invitation' | 'password' | 'email'

type Settings = Context['config']

/** Returns a function that mails links, or undefined if no mail server is configured. */
export function linkSender(settings: Settings, log: FastifyBaseLogger): SendLink | undefined {
  const send = sender(settings, log)
  return (
    send &&
    ((user, purpose, url) => {
      const { subject, text } = mails[purpose]
      send(user, subject, `${text}\n\n${url}\n\nIf you did not expect this mail, you can ignore it.`)
    })
  )
}

/** Returns a function that mails notices, or undefined if no mail server is configured. */
export function noticeSender(settings: Settings, log: FastifyBaseLogger): SendNotice | undefined {
  const send = sender(settings, log)
  return (
    send &&
    ((user, notice) => {
      const { subject, text } = notices[notice]
      send(user, subject, text(settings.publicUrl))
    })
  )
}

function sender(settings: Settings, log: FastifyBaseLogger) {
  const send = personalMailer(settings)
  if (!send) return undefined
  return (user: Recipient, subject: string, content: string) => {
    send(user, subject, content).catch((err) => log.error({ err }, 'a mail was not sent'))
  }
}

/**
 * Returns a function that mails a text to a user; undefined if no mail server is configured. It rejects if the server does
 * not accept the mail.
 */
export function personalMailer({ mail, publicUrl }: Settings) {
  if (mail.url === undefined) return undefined
  const send = mailer(mail.url, mail.from ?? `Ndoto <ndoto@${new URL(publicUrl).hostname}>`)
  return (
    { name: rawName, email }: Recipient,
    subject: string,
    content: string,
    headers: Record<string, string> = {},
  ): Promise<void> => {
    const name = oneLine(rawName)
    const text = `Hello ${name},\n\n${content}\n`
    return send({ to: { name, address: email }, subject, text, headers })
  }
}

// Other people choose the name. With line breaks, or characters that reverse the text, it could forge the mail.
const maxNameLength = 100

/** A name as it can be in a mail: on one line, and not too long. */
export function oneLine(name: string): string {
  const text = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
  return [...text].slice(0, maxNameLength).join('')
}

const mails: Record<Purpose, { subject: string; text: string }> = {
  invitation: {
    subject: 'You are invited to Ndoto',
    text: 'You can now work on conversations. Choose a password within 7 days:',
  },
  password: {
    subject: 'Reset your Ndoto password',
    text: 'Choose a new password within an hour:',
  },
  email: {
    subject: 'Confirm your new e-mail address for Ndoto',
    text: 'You want to sign in to Ndoto with this e-mail address. Confirm it within an hour:',
  },
}

const notices: Record<Notice, { subject: string; text: (publicUrl: string) => string }> = {
  'failed attempts': { subject: 'Failed attempts to sign in to Ndoto', text: failedAttempts },
  'new address': { subject: 'Your e-mail address for Ndoto was changed', text: newAddress },
}

function newAddress(publicUrl: string): string {
  return `From now on you sign in to

${publicUrl}/

with another e-mail address, which you have confirmed with a link that was sent to it. If it was not you, ask an
administrator to remove this user.`
}

function failedAttempts(publicUrl: string): string {
  return `Somebody has entered wrong passwords for your e-mail address more than 100 times within 15 minutes.

Until this stops, you can sign in only in browsers in which you have signed in before. To sign in in another
browser, open

${publicUrl}/

in it, choose "Forgotten your password?" and set a new password.

If your password is short, or you also use it for something else, choose a new one in any case. You will get this mail
at most once a day.`
}
