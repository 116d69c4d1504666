import type { Readable } from 'node:stream'

/** A range of bytes, including both ends. */
export interface ByteRange {
  start: number
  end: number
}

/** A complete file on this machine, flushed to disk. */
export interface LocalFile {
  path: string
  /** In bytes. */
  size: number
  /** SHA-256 in hex. */
  sha256: string
}

/** A storage that refuses or cannot be reached. The message is for the operator, and contains no key. */
export class StorageError extends Error {}

/** A storage of files. Their names come from `storedName`: `1/4f/4f…`, in lower case. */
export interface Storage {
  /** Stores a local file durably. May move the local file away. */
  put(name: string, file: LocalFile): Promise<void>
  /** Opens a file. Rejects with a Refusal `not_found` if it does not exist. */
  get(name: string, range?: ByteRange): Promise<Readable>
  /** Removes a file. Does nothing if it does not exist. */
  remove(name: string): Promise<void>
  /** Returns the names of all files, in any order. Reads them all, so it is for few. */
  list(): Promise<string[]>
  /** Rejects with an error for the operator if files cannot be stored. */
  check(): Promise<void>
}
