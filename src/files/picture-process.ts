// The program of the process in which pictures are decoded (pictures.ts starts it). What it reads was made by strangers.
import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import sharp, { type Metadata } from 'sharp'

// Of pictures that are decoded row by row; a phone's largest has 200 million.
const mostPixels = 220_000_000
// Of pictures that must be decoded as a whole, and the memory that this may take.
const mostPixelsAtOnce = 50_000_000
const mostMemoryAtOnce = 200 * 1024 ** 2
// Of the process. Headers can lie about what their picture takes (a baseline JPEG in several scans).
const mostMemory = 320 * 1024 ** 2
const thumbnailSize = 320

const loaders = ['JpegFile', 'PngFile', 'WebpFile', 'NsgifFile', 'HeifFile']

/** What is asked: the path of a picture, and where its thumbnail goes. */
export interface Question {
  path: string
  thumbnail: string
}

/** What is answered: the size of the picture as it is shown, null if it is unknown, and whether there is a thumbnail. */
export interface Answer {
  width: number | null
  height: number | null
  hasThumbnail: boolean
}

const unknown: Answer = { width: null, height: null, hasThumbnail: false }

sharp.cache(false)
sharp.concurrency(1)
// A file that passes for a PNG must not reach the decoder of another format.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) })
giveWay()
process.on('disconnect', () => process.exit())
process.on('message', async (question: Question) => {
  const guard = setInterval(() => process.memoryUsage.rss() > mostMemory && process.exit(1), 20)
  process.send!(await measure(question).catch(() => unknown))
  clearInterval(guard)
})

async function measure({ path, thumbnail }: Question): Promise<Answer> {
  const image = sharp(path, { limitInputPixels: mostPixels, sequentialRead: true })
  const metadata = await image.metadata()
  if (!isBearable(metadata)) return unknown
  const { width, height } = metadata.autoOrient
  const made = image
    .autoOrient()
    .resize({ width: thumbnailSize, height: thumbnailSize, fit: 'inside', withoutEnlargement: true })
    .webp()
    .toFile(thumbnail)
  const hasThumbnail = await made.then(
    () => true,
    () => false,
  )
  return { width, height, hasThumbnail }
}

function isBearable(metadata: Metadata): boolean {
  const pixels = metadata.width * metadata.height
  const memory = pixels * bytesPerPixel(metadata)
  if (memory === 0) return pixels <= mostPixels
  return pixels <= mostPixelsAtOnce && memory <= mostMemoryAtOnce
}

/** Bytes that each pixel takes while its picture is decoded, as measured; 0 if that is done row by row. */
function bytesPerPixel({ format, channels, depth, isProgressive }: Metadata): number {
  const sample = depth === 'uchar' ? 1 : 2
  if (format === 'png') return isProgressive ? channels * sample * 1.25 : 0
  if (format === 'jpeg') return isProgressive ? channels * 2 : 0
  if (format === 'heif') return sample === 1 ? 20 : 27
  return 10
}

/** The server goes first: for the processor, and for the memory of a machine that has too little. */
function giveWay(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not Linux.
  }
}
