/** Why the server ends a stream: the subscriber has lost their access, or the server stops. */
export type EndReason = 'access' | 'shutdown'

/** The connection over which a stream reaches its client. */
export interface Transport {
  /** Whether frames can still be written. */
  readonly isOpen: boolean
  /** The bytes that were written and that the client has not read. */
  readonly unread: number
  /** Whether the client reads more slowly than frames are written. */
  readonly isFull: boolean
  write(frame: Buffer): void
  /** Ends it after the frames that were written. */
  end(reason: EndReason): void
  /** Ends it at once. */
  destroy(): void
  /** Resolves when it is no longer full, or has ended. */
  drained(): Promise<void>
  /** Calls `listener` once when it has ended, from either side. */
  onEnd(listener: () => void): void
}
