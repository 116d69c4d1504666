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

/** Notifies a user, in the background, that somebody tries wrong passwords for their address. */
export type SendNotice = (user: Recipient) => void

/** What a link is for: accepting an invitation, or resetting a password. */
export type Purpose = 'invitation' | 'password'

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
    send && ((user) => send(user, 'Failed attempts to sign in to Ndoto', failedAttempts(settings.publicUrl)))
  )
}

function sender({ mail, publicUrl }: Settings, log: FastifyBaseLogger) {
  if (mail.url === undefined) return undefined
  const send = mailer(mail.url, mail.from ?? `Ndoto <ndoto@${new URL(publicUrl).hostname}>`)
  return ({ name: rawName, email }: Recipient, subject: string, content: string) => {
    const name = oneLine(rawName)
    const text = `Hello ${name},\n\n${content}\n`
    send({ to: { name, address: email }, subject, text }).catch((err) =>
      log.error({ err }, 'a mail was not sent'),
    )
  }
}

// Other people choose the name. With line breaks, or characters that reverse the text, it could forge the mail.
const maxNameLength = 100
function oneLine(name: string): string {
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
