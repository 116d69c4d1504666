import type { Context } from '../../http/feature.ts'
import { realtime } from './realtime.ts'
import { Stream, type StreamOptions } from './stream.ts'
import type { Subscriber } from './subscriber.ts'

/** Opens the stream of a subscriber: it gets the events after a position, and the signals from now on. */
export function openStream(
  context: Context,
  subscriber: Subscriber,
  position: number,
  options: Omit<StreamOptions, 'check'>,
): Stream {
  const { accountId, access, isPresent } = subscriber
  const { streams, presence, inboxAvailability } = realtime.of(context)
  const stream = new Stream(position, subscriber, { ...options, check: context.intervals.heartbeat })
  if (isPresent && 'userId' in access) {
    presence.arrive(accountId, access.userId)
    stream.onEnd(() => presence.leave(accountId, access.userId))
  }
  streams.add(accountId, stream)
  void inboxAvailability.notify(accountId, [stream])
  return stream
}
