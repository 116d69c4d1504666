// The child process that decodes pictures, started by pictures.ts. The pictures come from strangers and can be malicious.
import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import sharp, { type Metadata } from 'sharp'

// Of pictures that are decoded row by row. The largest ones of phones have 200 million.
const maxPixels = 220_000_000
// Of pictures that must be decoded as a whole, and the memory for them.
const maxPixelsAtOnce = 50_000_000
const maxMemoryAtOnce = 200 * 1024 ** 2
// Of the process. A picture can need more than its headers say (a baseline JPEG in several scans).
const maxMemory = 320 * 1024 ** 2
const thumbnailSize = 320

const loaders = ['JpegFile', 'PngFile', 'WebpFile', 'NsgifFile', 'HeifFile']

/** A request to this process: the path of a picture, and the path for its thumbnail. */
export interface PictureRequest {
  path: string
  thumbnail: string
}

/** The response: the size of the picture after rotation, null if it is unknown, and whether the thumbnail was written. */
export interface PictureResult {
  width: number | null
  height: number | null
  hasThumbnail: boolean
}

const unknown: PictureResult = { width: null, height: null, hasThumbnail: false }

sharp.cache(false)
sharp.concurrency(1)
// Only these decoders may run, whatever format a file claims to have.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) })
lowerPriority()
process.on('disconnect', () => process.exit())
process.on('message', async (request: PictureRequest) => {
  const guard = setInterval(() => process.memoryUsage.rss() > maxMemory && process.exit(1), 20)
  process.send!(await measure(request).catch(() => unknown))
  clearInterval(guard)
})

async function measure({ path, thumbnail }: PictureRequest): Promise<PictureResult> {
  const image = sharp(path, { limitInputPixels: maxPixels, sequentialRead: true })
  const metadata = await image.metadata()
  if (!isAffordable(metadata)) return unknown
  const { width, height } = metadata.autoOrient
  const written = image
    .autoOrient()
    .resize({ width: thumbnailSize, height: thumbnailSize, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toFile(thumbnail)
  const hasThumbnail = await written.then(
    () => true,
    () => false,
  )
  return { width, height, hasThumbnail }
}

function isAffordable(metadata: Metadata): boolean {
  const pixels = metadata.width * metadata.height
  const memory = pixels * bytesPerPixel(metadata)
  if (memory === 0) return pixels <= maxPixels
  return pixels <= maxPixelsAtOnce && memory <= maxMemoryAtOnce
}

/** Bytes of memory for each pixel while a picture is decoded, as measured; 0 if it is decoded row by row. */
function bytesPerPixel({ format, channels, depth, isProgressive }: Metadata): number {
  const sample = depth === 'uchar' ? 1 : 2
  if (format === 'png') return isProgressive ? channels * sample * 1.25 : 0
  if (format === 'jpeg') return isProgressive ? channels * 2 : 0
  if (format === 'heif') return sample === 1 ? 20 : 27
  return 10
}

/** Lets the server have priority: for the processor, and if the machine runs out of memory. */
function lowerPriority(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not Linux.
  }
}
