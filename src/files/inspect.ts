import { createHash } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import type { PictureReader } from './pictures.ts'
import type { LocalFile } from './storage.ts'

/** The type and size of a file, determined from its bytes. */
export interface Inspection {
  kind: 'image' | 'audio' | 'video' | 'file'
  /** The media type; `application/octet-stream` if it cannot be determined. */
  type: string
  /** The usual extension of its name, without the dot. */
  extension: string | undefined
  /** In pixels, for images, after the rotation that the camera has recorded. */
  width: number | null
  height: number | null
  /** A small WebP, for images. */
  thumbnail: LocalFile | undefined
}

/** Types of images that browsers show and that cannot contain scripts. Others of `image/*` do not meet both conditions. */
const images = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const unknown = 'application/octet-stream'

/** Returns whether browsers may show a file of this type: they run nothing in it, whatever it contains. */
export function isSafeInline(type: string): boolean {
  return images.has(type) || /^(?:audio|video)\//.test(type)
}

/**
 * Determines the type of a file from its bytes. The type that the sender has declared only decides between audio and video
 * in a container that can hold both. A picture that cannot be read, is malicious, or is not ready when `signal` aborts has
 * no size and no thumbnail.
 */
export async function inspect(
  { path }: LocalFile,
  declaredType: string,
  pictures: PictureReader,
  signal: AbortSignal,
): Promise<Inspection> {
  // Loaded with the first file, because not every process gets one.
  const { fileTypeFromFile } = await import('file-type')
  const detected = await fileTypeFromFile(path).catch(() => undefined)
  const type = typeOf(detected?.mime.split(';')[0] ?? unknown, declaredType)
  const kind = isSafeInline(type) ? (type.split('/')[0] as Inspection['kind']) : 'file'
  const base = { kind, type, extension: detected?.ext, width: null, height: null, thumbnail: undefined }
  if (kind !== 'image') return base
  return { ...base, ...(await measure(path, pictures, signal)) }
}

function typeOf(detectedType: string, declaredType: string): string {
  // Browsers record voice notes as WebM or MP4 without a video track.
  const container = /^video\/(webm|mp4|ogg)$/.exec(detectedType)?.[1]
  if (container && /^audio\//i.test(declaredType)) return `audio/${container}`
  return detectedType
}

async function measure(path: string, pictures: PictureReader, signal: AbortSignal) {
  const thumbnail = `${path}.thumbnail`
  const result = await pictures.read({ path, thumbnail }, signal)
  if (result?.hasThumbnail) {
    return { width: result.width, height: result.height, thumbnail: await localFile(thumbnail) }
  }
  // A process that was killed may have written a part of it.
  await rm(thumbnail, { force: true })
  return { width: result?.width ?? null, height: result?.height ?? null }
}

/** Flushes a file to disk and hashes it. It must be small, because it is read as a whole. */
async function localFile(path: string): Promise<LocalFile> {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
  const bytes = await readFile(path)
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
