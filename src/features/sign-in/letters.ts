import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { mailer } from '../../lib/mail.ts'

/** Sends a link to its user. Nobody waits: whether there is such a user must not be seen from how long it takes. */
export type SendLink = (user: { name: string; email: string }, purpose: Purpose, url: string) => void

export type Purpose = 'invitation' | 'password'

/** How links are sent; undefined where no mail server is configured. */
export function linkSender(
  { mail, publicUrl }: Context['config'],
  log: FastifyBaseLogger,
): SendLink | undefined {
  if (mail.url === undefined) return undefined
  const send = mailer(mail.url, mail.from ?? `Ndoto <ndoto@${new URL(publicUrl).hostname}>`)
  return ({ name, email }, purpose, url) => {
    const { subject, words } = letters[purpose]
    const text = `Hello ${name},\n\n${words}\n\n${url}\n\nIf you did not expect this mail, you need do nothing.\n`
    send({ to: { name, address: email }, subject, text }).catch((err) =>
      log.error({ err }, 'a mail was not sent'),
    )
  }
}

const letters: Record<Purpose, { subject: string; words: string }> = {
  invitation: {
    subject: 'You are invited to Ndoto',
    words: 'You can work on conversations now. Choose a password here, within 7 days:',
  },
  password: {
    subject: 'Another password for Ndoto',
    words: 'Choose another password here, within an hour:',
  },
}
