import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { LocalFile, Storage } from '../files/storage.ts'
import { AgeError, type AgeIdentity } from '../lib/age.ts'
import { pack, type TarEntry, TarError, unpack } from '../lib/tar.ts'
import { BackupError, type Manifest } from './manifest.ts'

type Part = Manifest['parts'][number]

// A part is written to the disk before it is stored, so it needs this much space, and an attempt to store it repeats less.
const partSize = 64 * 1024 ** 2

/**
 * Stores files as an archive: tar, compressed with zstd, encrypted with age, and divided into parts. Calls `store` with one
 * part after another, which it writes into `directory`. Needs little memory, whatever the size. Returns the parts.
 */
export async function writeArchive(
  entries: Iterable<TarEntry>,
  { identity, directory, onMissing }: { identity: AgeIdentity; directory: string; onMissing: () => void },
  store: (name: string, file: LocalFile) => Promise<void>,
): Promise<Part[]> {
  const parts: Part[] = []
  await pipeline(
    Readable.from(pack(entries, onMissing)),
    createZstdCompress(),
    async (compressed: AsyncIterable<Buffer>) => {
      let part: PartWriter | undefined
      const finish = async () => {
        if (!part) return
        const file = await part.finish()
        const name = `part-${String(parts.length + 1).padStart(4, '0')}.age`
        await store(name, file)
        parts.push({ name, size: file.size, sha256: file.sha256 })
        part = undefined
      }
      for await (const chunk of identity.encrypt(compressed)) {
        part ??= await PartWriter.create(join(directory, 'part'))
        await part.write(chunk)
        if (part.size >= partSize) await finish()
      }
      await finish()
    },
  )
  return parts
}

class PartWriter {
  size = 0
  readonly #path: string
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')

  static async create(path: string): Promise<PartWriter> {
    return new PartWriter(path, await open(path, 'w', 0o600))
  }

  constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  async write(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk)
    this.size += chunk.length
    await this.#file.writeFile(chunk)
  }

  async finish(): Promise<LocalFile> {
    await this.#file.sync()
    await this.#file.close()
    return { path: this.#path, size: this.size, sha256: this.#hash.digest('hex') }
  }
}

/**
 * Unpacks an archive into a directory. Returns how many files there were. Throws BackupError if it is damaged or not
 * complete: the directory must not be used then.
 */
export async function readArchive(
  storage: Storage,
  name: string,
  { manifest, identity }: { manifest: Manifest; identity: AgeIdentity },
  directory: string,
): Promise<number> {
  let count = 0
  try {
    await pipeline(
      Readable.from(identity.decrypt(readParts(storage, name, manifest.parts))),
      createZstdDecompress(),
      async (archive: AsyncIterable<Buffer>) => {
        count = await unpack(archive, directory, isOurs)
      },
    )
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const isDamaged = error instanceof AgeError || error instanceof TarError || code?.startsWith('ZSTD_')
    throw isDamaged ? new BackupError(`The backup ${name} cannot be restored. ${message}`) : error
  }
  return count
}

/** What a backup contains; nothing else is written to the disk. */
function isOurs(name: string): boolean {
  return name === 'ndoto.db' || /^files\/\d+\/[0-9a-f]{2}\/[0-9a-f]{32}(?:\.thumbnail)?$/.test(name)
}

async function* readParts(storage: Storage, backup: string, parts: Part[]): AsyncGenerator<Buffer> {
  for (const { name, size, sha256 } of parts) {
    const hash = createHash('sha256')
    let read = 0
    for await (const chunk of await openPart(storage, `${backup}/${name}`)) {
      hash.update(chunk)
      read += chunk.length
      yield chunk
    }
    if (read !== size) throw new BackupError(`${backup}/${name} has ${read} bytes instead of ${size}.`)
    if (hash.digest('hex') !== sha256) throw new BackupError(`${backup}/${name} is damaged.`)
  }
}

function openPart(storage: Storage, name: string): Promise<Readable> {
  return storage.get(name).catch((error) => {
    throw error.code === 'not_found' ? new BackupError(`${name} is missing.`) : error
  })
}
