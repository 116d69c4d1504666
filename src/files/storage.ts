import type { Readable } from 'node:stream'

/** Bytes of a file, both included. */
export interface ByteRange {
  start: number
  end: number
}

/** What is to be kept: a file on this machine, whole and on its disk. */
export interface LocalFile {
  path: string
  /** Bytes. */
  size: number
  /** SHA-256 in hex. */
  sha256: string
}

/** Where files are kept. Their names are ours: `1/4f/4f…`, lower case and digits. */
export interface Storage {
  /** Keeps a local file under a name, durably; the local one may be gone then. */
  put(name: string, file: LocalFile): Promise<void>
  /** Rejects with a Refusal `not_found` where there is none. */
  get(name: string, range?: ByteRange): Promise<Readable>
  /** Again it does nothing more. */
  remove(name: string): Promise<void>
  /** Rejects with a sentence for the operator where files cannot be kept. */
  check(): Promise<void>
}
