import { closeSync, createReadStream, createWriteStream, openSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeDirectory, sync } from './directory.ts'

/** A file of an archive. */
export interface TarEntry {
  /** Its path in the archive, up to 100 bytes, with `/`. */
  name: string
  /** Where it is on this machine. */
  path: string
}

/** An archive that cannot be unpacked. */
export class TarError extends Error {}

const block = 512
const largestOctal = 8 ** 11

/**
 * Packs files into a tar archive (ustar), one after another. Calls `onMissing` for a file that does not exist and leaves it
 * out. Throws if a file becomes shorter meanwhile.
 */
export async function* pack(
  entries: Iterable<TarEntry>,
  onMissing: (entry: TarEntry) => void = () => {},
): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const size = statSync(entry.path, { throwIfNoEntry: false })?.size
    const file = size === undefined ? undefined : open(entry.path)
    if (size === undefined || file === undefined) {
      onMissing(entry)
      continue
    }
    yield header(entry.name, size)
    if (size > 0) {
      // Of the size in the header, even if the file grows.
      let read = 0
      for await (const chunk of createReadStream('', { fd: file, end: size - 1 })) {
        read += chunk.length
        yield chunk
      }
      if (read < size) throw new TarError(`${entry.path} has become shorter.`)
    } else closeSync(file)
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * block)
}

/** It may be deleted at any moment. */
function open(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block)
  if (Buffer.byteLength(name) > 100) throw new TarError(`${name} is too long for an archive.`)
  bytes.write(name, 0)
  bytes.write('0000600\0', 100)
  bytes.write('0000000\0', 108)
  bytes.write('0000000\0', 116)
  // Octal, or beyond 8 GiB a binary number, as GNU tar and others write it.
  if (size < largestOctal) bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    bytes[124] = 0x80
    bytes.writeBigUInt64BE(BigInt(size), 128)
  }
  bytes.write('00000000000\0', 136)
  bytes.write('0', 156)
  bytes.write('ustar\x0000', 257)
  bytes.write(`${checksum(bytes).toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}

/** The sum of all bytes, with spaces in the place of the sum. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0)
}

function padding(size: number): number {
  return (block - (size % block)) % block
}

/**
 * Unpacks an archive of `pack` into a directory, and flushes its files to disk. Returns how many there were. Throws TarError
 * if it is damaged, cut off, or has a file that `isAllowed` refuses.
 */
export async function unpack(
  source: AsyncIterable<Buffer>,
  directory: string,
  isAllowed: (name: string) => boolean,
): Promise<number> {
  const reader = new BlockReader(source)
  const folders = new Set<string>()
  for (let count = 0; ; count++) {
    const bytes = await reader.read(block)
    if (bytes.every((byte) => byte === 0)) {
      await reader.toEnd()
      for (const folder of folders) sync(folder)
      return count
    }
    const { name, size } = parseHeader(bytes)
    if (!isAllowed(name)) throw new TarError(`The archive contains ${JSON.stringify(name)}.`)
    const path = join(directory, name)
    for (const created of makeDirectory(dirname(path))) folders.add(created).add(dirname(created))
    await pipeline(reader.take(size), createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
    folders.add(dirname(path))
    await reader.read(padding(size))
  }
}

function parseHeader(bytes: Buffer): { name: string; size: number } {
  const text = (from: number, length: number) =>
    /^[^\0]*/.exec(bytes.toString('utf8', from, from + length))![0]
  const isFile = text(156, 1) === '0' && text(257, 5) === 'ustar'
  if (!isFile || Number.parseInt(text(148, 8), 8) !== checksum(bytes)) {
    throw new TarError('The archive is damaged.')
  }
  const size = bytes[124] === 0x80 ? Number(bytes.readBigUInt64BE(128)) : Number.parseInt(text(124, 12), 8)
  return { name: text(0, 100), size }
}

class BlockReader {
  readonly #source: AsyncIterator<Buffer>
  #rest = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Passes on so many bytes, in pieces. */
  async *take(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = (await this.#next()) as Buffer<ArrayBuffer>
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async read(size: number): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this.take(size)))
  }

  /** Reads what follows, so that the source finds out whether it is complete. */
  async toEnd(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  async #next(): Promise<Buffer> {
    const { done, value } = await this.#source.next()
    if (done) throw new TarError('The archive is cut off.')
    return value
  }
}
