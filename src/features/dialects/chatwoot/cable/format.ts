import type { Context } from '../../../../http/feature.ts'
import type { StreamFormat } from '../../../realtime/stream-format.ts'
import { type Audience, prepareTranslation } from './translation.ts'
import { type TypingSignal, translateTyping } from './typing.ts'

/** The format of the streams of `/cable` for an audience. Create one for all of a server. */
export function cableFormat({ database }: Pick<Context, 'database'>, audience: Audience): StreamFormat {
  let typing: Promise<void> = Promise.resolve()
  return {
    async prepare(accountId, events, isAccepted) {
      const translate = await prepareTranslation(
        database.read,
        accountId,
        events.filter(isAccepted),
        audience,
      )
      const frames = new Map<number, Buffer[]>()
      return (event) => {
        const known = frames.get(event.position) ?? translate(event).map((json) => Buffer.from(json))
        frames.set(event.position, known)
        return known
      }
    },
    offer(accountId, { name, data }, streams) {
      if (name !== 'typing') return
      const signal = data as TypingSignal
      const others = streams.filter((stream) => !isTypist(stream, signal))
      if (others.length === 0) return
      // One after another: "off" must not overtake "on".
      typing = typing
        .then(async () => {
          const json = await translateTyping(database.read, accountId, signal, audience)
          const frame = Buffer.from(json)
          for (const stream of others) stream.offer(frame)
        })
        // The conversation was deleted, or the database is unreachable.
        .catch(() => {})
    },
  }
}

function isTypist(
  { userId, contactId }: { userId: number | undefined; contactId: number | undefined },
  { user, contact }: TypingSignal,
): boolean {
  return (user !== undefined && user.id === userId) || (contact !== undefined && contact.id === contactId)
}
