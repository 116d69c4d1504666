import type { Readable } from 'node:stream'
import { isSafeInline } from '../../files/inspect.ts'
import { disposition, storedName, thumbnailName } from '../../files/names.ts'
import type { ByteRange } from '../../files/storage.ts'
import type { Context } from '../../http/feature.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { isValidSignature } from '../../lib/file-link.ts'
import { findFile, linkSecret, type Row } from './store.ts'

/** A file, or its thumbnail. */
export type Part = 'file' | 'thumbnail'

/** A link to a file, with its signature. */
interface Link {
  account_id: number
  key: string
  expires: number
  signature: string
}

/** The conditional headers and the range of a request (RFC 9110). */
interface Conditions {
  isHead: boolean
  range: string | undefined
  ifRange: string | undefined
  ifNoneMatch: string | undefined
}

interface FileResponse {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string | number>
  /** The body, if there is one. */
  stream?: Readable
}

/**
 * Returns a function that reads the file of a link. It throws `forbidden` if the signature is wrong or the link has
 * expired, and `not_found` if the message was deleted.
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
  return async (part: Part, link: Link, conditions: Conditions): Promise<FileResponse> => {
    assertSigned(await secretOnce(), link)
    const row = await findFile(database.read, link.account_id, link.key)
    if (!row || (part === 'thumbnail' && row.thumbnail === 0)) throw notFound('file')
    const name = storedName(row.account_id, row.key)
    if (part === 'thumbnail') {
      return respondWithThumbnail(row, conditions, () => files.storage.get(thumbnailName(name)))
    }
    return respondWithFile(row, conditions, (range) => files.storage.get(name, range))
  }
}

function assertSigned(secret: string, { account_id, key, expires, signature }: Link): void {
  if (!isValidSignature(secret, `${account_id}/${key}`, expires, signature)) {
    throw new Refusal('forbidden', 'this link was not created by this server, or has been changed')
  }
  if (Date.now() / 1000 >= expires) {
    throw new Refusal('link_expired', 'this link has expired: get the message again for a new one')
  }
}

/** The file with a key never changes. */
function headersOf(etag: string) {
  return { etag, 'cache-control': 'private, max-age=604800, immutable' }
}

async function respondWithThumbnail(
  { key }: Row,
  conditions: Conditions,
  open: () => Promise<Readable>,
): Promise<FileResponse> {
  const common = headersOf(`"${key}-thumbnail"`)
  if (isUnchanged(conditions, common.etag)) return { status: 304, headers: common }
  const headers = { ...common, 'content-type': 'image/webp', 'content-disposition': 'inline' }
  return conditions.isHead ? { status: 200, headers } : { status: 200, headers, stream: await open() }
}

async function respondWithFile(
  { key, type, name, size }: Row,
  conditions: Conditions,
  open: (range?: ByteRange) => Promise<Readable>,
): Promise<FileResponse> {
  const common = headersOf(`"${key}"`)
  if (isUnchanged(conditions, common.etag)) return { status: 304, headers: common }
  const { ifRange } = conditions
  const range = ifRange && ifRange !== common.etag ? undefined : rangeOf(conditions.range, size)
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { ...common, 'content-range': `bytes */${size}` } }
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  const isInline = isSafeInline(type)
  const headers = {
    ...common,
    'accept-ranges': 'bytes',
    // Browsers must not guess a type that they would run.
    'content-type': isInline ? type : 'application/octet-stream',
    'content-disposition': disposition(isInline ? 'inline' : 'attachment', name),
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  }
  const status = range ? 206 : 200
  if (conditions.isHead || size === 0) return { status, headers }
  return { status, headers, stream: await open(range) }
}

function isUnchanged({ ifNoneMatch }: Conditions, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags?.some((tag) => tag === etag || tag === '*') ?? false
}

/** Parses `Range`. Returns undefined for the whole file, which is also the response to an invalid or multiple range. */
function rangeOf(text: string | undefined, size: number): ByteRange | undefined | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  // A range whose end is before its start is invalid, so the whole file is sent.
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  // The range begins after the end of the file, or consists of the last 0 bytes.
  return start > end ? 'unsatisfiable' : { start, end }
}
