import { rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import type { LocalFile } from '../../files/storage.ts'
import { storageError, writeTemporaryFile } from '../../files/temporary-files.ts'
import { bodyTimeout } from '../../http/body.ts'
import type { FormField } from '../../http/forms.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { mostFiles } from './schema.ts'

/** A file of a request, in a temporary file. */
export interface UploadedFile extends LocalFile {
  /** The name that the sender has given it. */
  name: string | undefined
  /** The media type that the sender has declared. */
  declaredType: string
  /** By which the HTML of a mail refers to it. */
  contentId?: string | undefined
  /** Whether it is what the message was made from, such as a raw mail. It is stored, but no attachment. */
  isSource?: boolean
}

interface Options {
  /** The directory for the files. */
  directory: string
  /** The maximum size of one file, in bytes. */
  maxFileSize: number
  /** Returns whether the route has this field. Other fields are ignored. */
  isField: (name: string) => boolean
  /** Called with the number of bytes of each chunk of a file before it is written. An error that it throws ends the form. */
  admit: (bytes: number) => Promise<void>
}

// Of all fields together: the largest `content` is 150,000 characters of up to 4 bytes, attributes are at most 64 KiB.
const maxFieldBytes = 1024 * 1024
const limits = {
  parts: 40,
  fields: 20,
  fieldSize: maxFieldBytes,
  files: mostFiles,
  // Of one part. The headers contain the names, which have no separate limit.
  headerPairs: 20,
  headerSize: 16 * 1024,
}
// The last one is that of Chatwoot, for the first message of a conversation.
const fileFields = ['attachments[]', 'attachments', 'message[attachments][]']

/**
 * Reads a `multipart/form-data` body (RFC 7578): its fields as text, and its files, which are written to disk as they
 * arrive. If the body is refused or ends early, its files are deleted and the rest of it is skipped, so that the sender can
 * read the response. Throws `malformed`, `invalid`, `too_large`, what `admit` throws, and `unavailable` if a file cannot be
 * written.
 */
export async function readMultipart(
  headers: IncomingHttpHeaders,
  body: Readable,
  { directory, maxFileSize, isField, admit }: Options,
): Promise<{ fields: FormField[]; files: UploadedFile[] }> {
  const fields: FormField[] = []
  let fieldBytes = 0
  const files: Promise<UploadedFile | undefined>[] = []
  const streams: BusboyFileStream[] = []
  const { promise: end, resolve, reject } = Promise.withResolvers<void>()
  const rejectMalformed = () => reject(new Refusal('malformed', 'the body is not valid multipart/form-data'))
  const rejectTooLarge = (rule: string) => reject(new Refusal('too_large', rule))
  const parser = createParser(headers, maxFileSize)
  const timer = limitTime(body)

  parser.on('field', (name, value, _, isCut) => {
    fieldBytes += Buffer.byteLength(value)
    if (isCut || fieldBytes > maxFieldBytes) {
      return rejectTooLarge(`the fields of a form can have at most ${maxFieldBytes} bytes together`)
    }
    if (isField(name)) fields.push([name, value])
  })
  parser.on('file', (field, stream, name, _, declaredType) => {
    streams.push(stream)
    timer.stop()
    // If the body ends early, the parser or the body reports it. Errors while writing are handled below.
    stream.on('error', () => {}).on('end', timer.start)
    const file = fileFields.includes(field)
      ? receive(stream, name, declaredType)
      : Promise.reject(invalid(field || 'body', 'must not be a file: send files as attachments[]'))
    file.catch((error) => {
      stream.resume()
      reject(error)
    })
    files.push(file)
  })
  const receive = async (stream: BusboyFileStream, name: string | undefined, declaredType: string) => {
    const megabytes = Math.floor(maxFileSize / 1024 ** 2)
    const tooLarge = new Refusal('too_large', `a file is larger than ${megabytes} MB`)
    stream.on('limit', () => reject(tooLarge))
    const file = await writeTemporaryFile(directory, stream, admit).catch((error) => {
      throw storageError(error)
    })
    // Browsers send a quote in a name as %22 (https://html.spec.whatwg.org/#multipart-form-data).
    if (!stream.truncated && (file.size > 0 || name))
      return { ...file, name: name?.replace(/%22/g, '"'), declaredType }
    // Browsers send an empty file without a name for a field in which no file was chosen.
    await rm(file.path, { force: true })
    if (stream.truncated) throw tooLarge
    return undefined
  }
  parser.on('filesLimit', () => rejectTooLarge(`a message can have at most ${mostFiles} files`))
  parser.on('fieldsLimit', () => rejectTooLarge(`a form can have at most ${limits.fields} fields`))
  parser.on('partsLimit', () => rejectTooLarge(`a form can have at most ${limits.parts} parts`))
  parser.on('error', rejectMalformed)
  parser.on('finish', resolve)
  body.on('error', rejectMalformed)
  body.on('close', () => body.readableEnded || rejectMalformed())
  body.pipe(parser)
  try {
    await end
    return { fields, files: (await Promise.all(files)).filter((file) => file !== undefined) }
  } catch (error) {
    body.unpipe(parser)
    body.resume()
    timer.start()
    // Destroying the parser does not end its streams: files that are still being written would wait forever.
    for (const stream of streams) stream.destroy()
    parser.destroy()
    await discard(files)
    throw error
  }
}

function createParser(headers: IncomingHttpHeaders, fileSize: number) {
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits: { ...limits, fileSize } })
  } catch {
    throw new Refusal('malformed', 'the header Content-Type must contain the boundary of the multipart body')
  }
}

/** Ends a body if everything but its files, or the rest after a refusal, takes longer than a JSON body may. */
function limitTime(body: Readable): { start: () => void; stop: () => void } {
  let left = bodyTimeout
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    if (timer || body.readableEnded || body.destroyed) return
    startedAt = performance.now()
    timer = setTimeout(() => body.destroy(), left).unref()
  }
  const stop = () => {
    if (!timer) return
    clearTimeout(timer)
    timer = undefined
    left -= performance.now() - startedAt
  }
  body.once('end', stop).once('close', stop)
  start()
  return { start, stop }
}

async function discard(files: Promise<UploadedFile | undefined>[]): Promise<void> {
  for (const file of await Promise.allSettled(files)) {
    if (file.status === 'fulfilled' && file.value) await rm(file.value.path, { force: true })
  }
}
