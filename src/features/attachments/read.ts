import type { Readable } from 'node:stream'
import { isShownInPlace } from '../../files/inspect.ts'
import { disposition, storedName, thumbnailName } from '../../files/names.ts'
import type { ByteRange } from '../../files/storage.ts'
import type { Context } from '../../http/feature.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { isValidSignature } from '../../lib/file-link.ts'
import { findFile, linkSecret, type Row } from './store.ts'

export type Part = 'file' | 'thumbnail'

/** What a link names, and what it shows for it. */
interface Link {
  account_id: number
  key: string
  expires: number
  signature: string
}

/** What the request asks for of the file (RFC 9110). */
interface Wish {
  isHead: boolean
  range: string | undefined
  ifRange: string | undefined
  ifNoneMatch: string | undefined
}

interface Found {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string | number>
  /** undefined where there is nothing to send. */
  stream?: Readable
}

/**
 * Reads files for who has a link. Throws `forbidden` where its signature is wrong or it has ended, and `not_found` where
 * the message is gone.
 */
export function fileReader({ database, files }: Context) {
  let secret: Promise<string> | undefined
  const secretOnce = async () => {
    secret ??= linkSecret(database.read)
    return secret.catch((error) => {
      secret = undefined
      throw error
    })
  }
  return async (part: Part, link: Link, wish: Wish): Promise<Found> => {
    assertSigned(await secretOnce(), link)
    const row = await findFile(database.read, link.account_id, link.key)
    if (!row || (part === 'thumbnail' && row.thumbnail === 0)) throw notFound('file')
    const name = storedName(row.account_id, row.key)
    if (part === 'thumbnail') return thumbnail(row, wish, () => files.storage.get(thumbnailName(name)))
    return whole(row, wish, (range) => files.storage.get(name, range))
  }
}

function assertSigned(secret: string, { account_id, key, expires, signature }: Link): void {
  if (!isValidSignature(secret, `${account_id}/${key}`, expires, signature)) {
    throw new Refusal('forbidden', 'this link is not one that this server has made')
  }
  if (Date.now() / 1000 >= expires) {
    throw new Refusal('forbidden', 'this link has ended: get the message again for a new one')
  }
}

/** What is behind a key never changes. */
function headersOf(etag: string) {
  return { etag, 'cache-control': 'private, max-age=604800, immutable' }
}

async function thumbnail({ key }: Row, wish: Wish, open: () => Promise<Readable>): Promise<Found> {
  const headers = headersOf(`"${key}-thumbnail"`)
  if (isKnown(wish, headers.etag)) return { status: 304, headers }
  const shown = { ...headers, 'content-type': 'image/webp', 'content-disposition': 'inline' }
  return wish.isHead ? { status: 200, headers: shown } : { status: 200, headers: shown, stream: await open() }
}

async function whole(
  { key, type, name, size }: Row,
  wish: Wish,
  open: (range?: ByteRange) => Promise<Readable>,
): Promise<Found> {
  const headers = headersOf(`"${key}"`)
  if (isKnown(wish, headers.etag)) return { status: 304, headers }
  const inPlace = isShownInPlace(type)
  const described = {
    ...headers,
    'accept-ranges': 'bytes',
    // What a browser does not show in place it must not take for something that it runs either.
    'content-type': inPlace ? type : 'application/octet-stream',
    'content-disposition': disposition(inPlace ? 'inline' : 'attachment', name),
  }
  const range = wish.ifRange && wish.ifRange !== headers.etag ? undefined : rangeOf(wish.range, size)
  if (range === 'none') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}`, 'content-length': 0 } }
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  const sized = { ...described, 'content-length': end - start + 1 }
  const status = range ? 206 : 200
  const placed = range ? { ...sized, 'content-range': `bytes ${start}-${end}/${size}` } : sized
  if (wish.isHead || size === 0) return { status, headers: placed }
  return { status, headers: placed, stream: await open(range) }
}

function isKnown({ ifNoneMatch }: Wish, etag: string): boolean {
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known?.some((tag) => tag === etag || tag === '*') ?? false
}

/** One range of bytes; undefined for the whole, also where several are asked for, `'none'` where there are none such. */
function rangeOf(text: string | undefined, size: number): ByteRange | undefined | 'none' {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  // The last 0 bytes, or what begins behind the end; the wrong way round it is no range.
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  return start > end ? 'none' : { start, end }
}
