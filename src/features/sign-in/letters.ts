import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { mailer } from '../../lib/mail.ts'

/** Whom a letter goes to. */
export interface Recipient {
  name: string
  email: string
}

/** Sends a link to its user. Nobody waits: whether there is such a user must not be seen from how long it takes. */
export type SendLink = (user: Recipient, purpose: Purpose, url: string) => void

/** Tells a user that wrong passwords are being tried for their address. Nobody waits. */
export type SendNotice = (user: Recipient) => void

export type Purpose = 'invitation' | 'password'

type Settings = Context['config']

/** How links are sent; undefined if no mail server is configured. */
export function linkSender(settings: Settings, log: FastifyBaseLogger): SendLink | undefined {
  const send = sender(settings, log)
  return (
    send &&
    ((user, purpose, url) => {
      const { subject, words } = letters[purpose]
      send(user, subject, `${words}\n\n${url}\n\nIf you did not expect this mail, you can ignore it.`)
    })
  )
}

/** How notices are sent; undefined if no mail server is configured. */
export function noticeSender(settings: Settings, log: FastifyBaseLogger): SendNotice | undefined {
  const send = sender(settings, log)
  return (
    send && ((user) => send(user, 'Failed attempts to sign in to Ndoto', failedAttempts(settings.publicUrl)))
  )
}

function sender({ mail, publicUrl }: Settings, log: FastifyBaseLogger) {
  if (mail.url === undefined) return undefined
  const send = mailer(mail.url, mail.from ?? `Ndoto <ndoto@${new URL(publicUrl).hostname}>`)
  return ({ name, email }: Recipient, subject: string, words: string) => {
    const called = oneLine(name)
    send({ to: { name: called, address: email }, subject, text: `Hello ${called},\n\n${words}\n` }).catch(
      (err) => log.error({ err }, 'a mail was not sent'),
    )
  }
}

// Others choose the name: with line breaks, or signs that turn the direction of the text, it could rewrite the letter.
const longestName = 100
function oneLine(name: string): string {
  const text = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
  return [...text].slice(0, longestName).join('')
}

const letters: Record<Purpose, { subject: string; words: string }> = {
  invitation: {
    subject: 'You are invited to Ndoto',
    words: 'You can work on conversations now. Choose a password here, within 7 days:',
  },
  password: {
    subject: 'Reset your Ndoto password',
    words: 'Choose a new password here, within an hour:',
  },
}

function failedAttempts(publicUrl: string): string {
  return `Somebody has entered wrong passwords for your e-mail address more than 100 times within 15 minutes.

Until this stops, Ndoto refuses further attempts from browsers in which you have not signed in before. You can
still sign in where you have signed in before. To sign in anywhere else, open

${publicUrl}/

and choose "Forgotten your password?": with a new password you are let in.

If your password is short, or you use it elsewhere too, choose a new one in any case. You will get this mail at most
once a day.`
}
