import { createHash } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
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
// Pixels; a phone's largest picture has 200 million. What claims more is made to fill the memory.
const largest = 220_000_000
const thumbnailSize = 320
const longestSeconds = 20

/** Whether a browser may show it in place: nothing in it is run, whatever the bytes say. */
export function isShownInPlace(type: string): boolean {
  return images.has(type) || /^(?:audio|video)\//.test(type)
}

/**
 * Looks at the bytes of a file. What the sender `declared` only tells sound from pictures in a container that can hold
 * both. An image that cannot be read, or is made to do harm, has no size and no thumbnail.
 */
export async function inspect({ path }: LocalFile, declared: string): Promise<Inspected> {
  // Not loaded at the start of a program that may never see a file.
  const { fileTypeFromFile } = await import('file-type')
  const found = await fileTypeFromFile(path).catch(() => undefined)
  const type = typeOf(found?.mime.split(';')[0] ?? unknown, declared)
  const kind = isShownInPlace(type) ? (type.split('/')[0] as Inspected['kind']) : 'file'
  const plain = { kind, type, extension: found?.ext, width: null, height: null, thumbnail: undefined }
  if (kind !== 'image') return plain
  return { ...plain, ...(await measure(path).catch(() => ({}))) }
}

function typeOf(found: string, declared: string): string {
  // A browser's voice note is a WebM or MP4 without pictures.
  const container = /^video\/(webm|mp4|ogg)$/.exec(found)?.[1]
  if (container && /^audio\//i.test(declared)) return `audio/${container}`
  return found
}

async function measure(path: string): Promise<Pick<Inspected, 'width' | 'height' | 'thumbnail'>> {
  // Only where there is an image: it takes 20 MB of memory, and may be missing on rare machines.
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  const image = sharp(path, { limitInputPixels: largest, sequentialRead: true }).timeout({
    seconds: longestSeconds,
  })
  const { autoOrient } = await image.metadata()
  const { width, height } = autoOrient
  const small = `${path}.thumbnail`
  try {
    await image
      .autoOrient()
      .resize({ width: thumbnailSize, height: thumbnailSize, fit: 'inside', withoutEnlargement: true })
      .webp()
      .toFile(small)
    return { width, height, thumbnail: await localFile(small) }
  } catch {
    await rm(small, { force: true })
    // What claims to be larger than may be looked at is not shown as a picture of that size.
    return width * height > largest
      ? { width: null, height: null, thumbnail: undefined }
      : { width, height, thumbnail: undefined }
  }
}

/** Of a small file. */
async function localFile(path: string): Promise<LocalFile> {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
  const bytes = await readFile(path)
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
