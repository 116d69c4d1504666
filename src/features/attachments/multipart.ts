import { rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import { unavailable, writeArriving } from '../../files/arriving.ts'
import type { LocalFile } from '../../files/storage.ts'
import { longestBody } from '../../http/body.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { mostFiles } from './schema.ts'

/** A file that came with a request. */
export interface Arrived extends LocalFile {
  /** As the sender called it. */
  name: string | undefined
  /** The media type that the sender says it has. */
  declared: string
}

interface Limits {
  /** Where files are written to. */
  directory: string
  /** Bytes of one file. */
  largest: number
  /** The fields that the route knows; others are not kept. */
  known: (field: string) => boolean
  /** Called with the bytes of each piece of a file before it is written; a refusal that it throws ends the form. */
  admit: (bytes: number) => Promise<void>
}

// All fields together: the largest `content` is 150,000 characters of up to 4 bytes, attributes are at most 64 KiB.
const fieldBudget = 1024 * 1024
const limits = {
  parts: 40,
  fields: 20,
  fieldSize: fieldBudget,
  files: mostFiles,
  // Of one part. They hold the names, which have no limit of their own.
  headerPairs: 20,
  headerSize: 16 * 1024,
}
const fileFields = ['attachments[]', 'attachments']

/**
 * Reads a `multipart/form-data` body (RFC 7578): its fields as text, and its files, which are written to the disk as they
 * come. If it is refused or ends early no file is left, and the rest of the body is skipped, so that the sender can read
 * why. Throws `malformed`, `invalid`, `too_large`, what `admit` throws, and `unavailable` if the disk takes no files.
 */
export async function readMultipart(
  headers: IncomingHttpHeaders,
  body: Readable,
  { directory, largest, known, admit }: Limits,
): Promise<{ fields: Map<string, string>; files: Arrived[] }> {
  const fields = new Map<string, string>()
  let budget = fieldBudget
  const files: Promise<Arrived | undefined>[] = []
  const streams: BusboyFileStream[] = []
  const { promise: end, resolve, reject } = Promise.withResolvers<void>()
  const broken = () => reject(new Refusal('malformed', 'the body is not valid multipart/form-data'))
  const refuse = (rule: string) => reject(new Refusal('too_large', rule))
  const parser = parserOf(headers, largest)
  const clock = cutOffLateParts(body)

  parser.on('field', (name, value, _, isCut) => {
    budget -= Buffer.byteLength(value)
    if (isCut || budget < 0) return refuse(`the fields of a form have at most ${fieldBudget} bytes together`)
    if (known(name)) fields.set(name, value)
  })
  parser.on('file', (field, stream, name, _, declared) => {
    streams.push(stream)
    clock.stop()
    // A body that ends early is reported by the parser or the body first; what is left are errors of `receive`.
    stream.on('error', () => {}).on('end', clock.start)
    const file = fileFields.includes(field)
      ? receive(stream, name, declared)
      : Promise.reject(invalid(field || 'body', 'takes no file: send files as attachments[]'))
    file.catch((error) => {
      stream.resume()
      reject(error)
    })
    files.push(file)
  })
  const receive = async (stream: BusboyFileStream, name: string | undefined, declared: string) => {
    const tooLarge = new Refusal('too_large', `a file is larger than ${Math.floor(largest / 1024 ** 2)} MB`)
    stream.on('limit', () => reject(tooLarge))
    const file = await writeArriving(directory, stream, admit).catch((error) => {
      throw unavailable(error)
    })
    // Browsers spell the quote so (https://html.spec.whatwg.org/#multipart-form-data).
    if (!stream.truncated && (file.size > 0 || name))
      return { ...file, name: name?.replace(/%22/g, '"'), declared }
    // What browsers send for a field in which no file was chosen.
    await rm(file.path, { force: true })
    if (stream.truncated) throw tooLarge
    return undefined
  }
  parser.on('filesLimit', () => refuse(`a message has at most ${mostFiles} files`))
  parser.on('fieldsLimit', () => refuse(`a form has at most ${limits.fields} fields`))
  parser.on('partsLimit', () => refuse(`a form has at most ${limits.parts} parts`))
  parser.on('error', broken)
  parser.on('finish', resolve)
  body.on('error', broken)
  body.on('close', () => body.readableEnded || broken())
  body.pipe(parser)
  try {
    await end
    return { fields, files: (await Promise.all(files)).filter((file) => file !== undefined) }
  } catch (error) {
    body.unpipe(parser)
    body.resume()
    clock.start()
    // The parser's end would not be theirs: what is still being written would wait for ever.
    for (const stream of streams) stream.destroy()
    parser.destroy()
    await discard(files)
    throw error
  }
}

function parserOf(headers: IncomingHttpHeaders, fileSize: number) {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: { ...limits, fileSize } })
  } catch {
    throw new Refusal('malformed', 'the header Content-Type names no boundary of the multipart body')
  }
}

/** Ends a body whose parts other than files, or what is skipped after a refusal, take longer than a JSON body may. */
function cutOffLateParts(body: Readable): { start: () => void; stop: () => void } {
  let left = longestBody
  let since = 0
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    if (timer || body.readableEnded || body.destroyed) return
    since = performance.now()
    timer = setTimeout(() => body.destroy(), left).unref()
  }
  const stop = () => {
    if (!timer) return
    clearTimeout(timer)
    timer = undefined
    left -= performance.now() - since
  }
  body.once('end', stop).once('close', stop)
  start()
  return { start, stop }
}

async function discard(files: Promise<Arrived | undefined>[]): Promise<void> {
  for (const file of await Promise.allSettled(files)) {
    if (file.status === 'fulfilled' && file.value) await rm(file.value.path, { force: true })
  }
}
