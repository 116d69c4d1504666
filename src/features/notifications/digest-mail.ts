import { oneLine } from '../sign-in/mails.ts'
import type { ImportResult, Notification } from './schema.ts'

/**
 * The mail about notifications that its user has not seen. It says who and where, but not what was written: mails pass
 * through many hands.
 */
export function digestMail(
  notifications: readonly Notification[],
  count: number,
  publicUrl: string,
  unsubscribeUrl: string,
): { subject: string; text: string; headers: Record<string, string> } {
  const settings = `${publicUrl}/settings/notifications`
  const lines = notifications.map(
    (one) =>
      `- ${sentenceOf(one)}\n  ${publicUrl}${one.primary_actor ? `/conversations/${one.primary_actor_id}` : '/contacts/import'}`,
  )
  const rest = count - notifications.length
  const more = rest > 0 ? [`${rest} more are in the list of your notifications.`] : []
  return {
    subject: count === 1 ? 'You have a new notification' : `You have ${count} new notifications`,
    text: [
      'This happened in Ndoto, and you have not seen it yet:',
      ...lines,
      ...more,
      `To get fewer of these mails, change your settings:\n${settings}`,
      `To get none of them any more:\n${unsubscribeUrl}`,
    ].join('\n\n'),
    headers: {
      // No program must answer it.
      'Auto-Submitted': 'auto-generated',
      // Mail programs show a button, which posts to this link (RFC 8058): only if it is https.
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      ...(publicUrl.startsWith('https:') && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
  }
}

function sentenceOf({
  notification_type,
  primary_actor,
  secondary_actor,
  contact_import,
  count,
}: Notification): string {
  if (!primary_actor) return importSentence(contact_import!)
  const where = `conversation #${primary_actor.id} with ${oneLine(primary_actor.contact.name) || 'a visitor'}`
  const who = secondary_actor ? oneLine(secondary_actor.name) : ''
  const by = who === '' ? '' : ` by ${who}`
  const messages = count === 1 ? 'A new message' : `${count} new messages`
  switch (notification_type) {
    case 'conversation_assignment':
      return `You were assigned${by} to ${where}.`
    case 'conversation_mention':
      return `You were mentioned${by} in ${where}.`
    case 'conversation_creation':
      return `Nobody is assigned to the new ${where}.`
    case 'assigned_conversation_new_message':
      return `${messages} in your ${where}.`
    case 'participating_conversation_new_message':
      return `${messages} in ${where}, which you follow.`
    default:
      throw new Error(`no conversation has a notification of the type ${notification_type}`)
  }
}

function importSentence({ file_name, dry_run, status, ...counts }: ImportResult): string {
  const { stored_count, known_count, refused_count } = counts
  const what = `The ${dry_run ? 'check' : 'import'} of ${oneLine(file_name)}`
  const end = { done: 'is done', stopped: 'was stopped', failed: 'has failed' }[status]
  const stored = `${stored_count} ${dry_run ? 'can be created' : 'created'}`
  return `${what} ${end}: ${stored}, ${known_count} known already, ${refused_count} refused.`
}
