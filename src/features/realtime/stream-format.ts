import type { LoggedEvent } from '../../events/read.ts'

/** The bytes with which a client gets an event; several if it gets it as several ones, none if it does not get it. */
export type Frames = readonly Buffer[]

/** A stream, as far as a signal is offered to it. */
export interface SignalReceiver {
  /** Undefined if it is the stream of a contact. */
  readonly userId: number | undefined
  /** Undefined if it is the stream of a user. */
  readonly contactId: number | undefined
  /** Writes a frame, unless the client is too slow. */
  offer(frame: Buffer): void
}

export type FramesOf = (event: LoggedEvent) => Frames
export type Accepts = (event: LoggedEvent) => boolean

/** Something that is not stored, such as who is typing. */
export interface StreamSignal {
  name: string
  data: object
}

/** How the events of an account are written to streams. What it creates is shared by all streams with the same format. */
export interface StreamFormat {
  /**
   * Reads what the frames of some events need, and returns how to create them. Frames are only created of events for which
   * `isAccepted` is true.
   */
  prepare(accountId: number, events: readonly LoggedEvent[], isAccepted: Accepts): Promise<FramesOf>
  /** Offers a signal to streams, in the order of the calls. */
  offer(accountId: number, signal: StreamSignal, streams: readonly SignalReceiver[]): void
  /** Tells the client a position from which it can resume, if clients can. */
  cursor?(position: number): Buffer
  /** Tells the client that events before a position are missing. */
  reset?(position: number): Buffer
}
