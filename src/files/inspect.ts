import { createHash } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import type { PictureReader } from './pictures.ts'
import type { LocalFile } from './storage.ts'

/** What a file is, by its bytes. */
export interface Inspected {
  kind: 'image' | 'audio' | 'video' | 'file'
  /** Its media type; `application/octet-stream` where the bytes do not tell. */
  type: string
  /** The usual end of its name, without the dot. */
  extension: string | undefined
  /** As it is shown: turned the way that a camera noted. Of images. */
  width: number | null
  height: number | null
  /** A small WebP. */
  thumbnail: LocalFile | undefined
}

/** Images that browsers show and that cannot hold a program; of the rest of `image/*` one of the two is wrong. */
const images = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const unknown = 'application/octet-stream'

/** Whether a browser may show it in place: nothing in it is run, whatever the bytes say. */
export function isShownInPlace(type: string): boolean {
  return images.has(type) || /^(?:audio|video)\//.test(type)
}

/**
 * Looks at the bytes of a file. What the sender `declared` only tells sound from pictures in a container that can hold
 * both. A picture that cannot be read, is made to do harm, or is not ready before `signal` has no size and no thumbnail.
 */
export async function inspect(
  { path }: LocalFile,
  declared: string,
  pictures: PictureReader,
  signal: AbortSignal,
): Promise<Inspected> {
  // Not loaded at the start of a program that may never see a file.
  const { fileTypeFromFile } = await import('file-type')
  const found = await fileTypeFromFile(path).catch(() => undefined)
  const type = typeOf(found?.mime.split(';')[0] ?? unknown, declared)
  const kind = isShownInPlace(type) ? (type.split('/')[0] as Inspected['kind']) : 'file'
  const plain = { kind, type, extension: found?.ext, width: null, height: null, thumbnail: undefined }
  if (kind !== 'image') return plain
  return { ...plain, ...(await measure(path, pictures, signal)) }
}

function typeOf(found: string, declared: string): string {
  // A browser's voice note is a WebM or MP4 without pictures.
  const container = /^video\/(webm|mp4|ogg)$/.exec(found)?.[1]
  if (container && /^audio\//i.test(declared)) return `audio/${container}`
  return found
}

async function measure(path: string, pictures: PictureReader, signal: AbortSignal) {
  const thumbnail = `${path}.thumbnail`
  const answer = await pictures.read({ path, thumbnail }, signal)
  if (answer?.hasThumbnail) {
    return { width: answer.width, height: answer.height, thumbnail: await localFile(thumbnail) }
  }
  // A process that was ended may have written a part of it.
  await rm(thumbnail, { force: true })
  return { width: answer?.width ?? null, height: answer?.height ?? null }
}

/** Of a small file. */
async function localFile(path: string): Promise<LocalFile> {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
  const bytes = await readFile(path)
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
