import { rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import { unavailable, writeArriving } from '../../files/arriving.ts'
import type { LocalFile } from '../../files/storage.ts'
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
}

// As much as a JSON body may have; a form has about ten fields.
const fieldLimits = { fields: 100, fieldSize: 2 * 1024 * 1024, fieldNameSize: 200, headerPairs: 50 }
const fileFields = ['attachments[]', 'attachments']

/**
 * Reads a `multipart/form-data` body (RFC 7578): its fields as text, and its files, which are written to the disk as they
 * come. Where it is refused or ends early no file is left, and the rest of the body is read past, so that the sender
 * gets to hear why. Throws `malformed`, `invalid`, `too_large`, and `unavailable` where the disk does not take them.
 */
export async function readMultipart(
  headers: IncomingHttpHeaders,
  body: Readable,
  { directory, largest }: Limits,
): Promise<{ fields: Map<string, string>; files: Arrived[] }> {
  const fields = new Map<string, string>()
  const files: Promise<Arrived | undefined>[] = []
  const streams: BusboyFileStream[] = []
  const { promise: end, resolve, reject } = Promise.withResolvers<void>()
  const broken = () => reject(new Refusal('malformed', 'the body is not valid multipart/form-data'))
  const parser = parserOf(headers, largest)

  parser.on('field', (name, value, nameIsCut, isCut) => {
    if (nameIsCut || isCut) return reject(new Refusal('too_large', 'a field of the form is too long'))
    fields.set(name, value)
  })
  parser.on('file', (field, stream, name, _, declared) => {
    streams.push(stream)
    stream.on('error', broken)
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
    const file = await writeArriving(directory, stream).catch((error) => {
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
  parser.on('filesLimit', () => reject(new Refusal('too_large', `a message has at most ${mostFiles} files`)))
  parser.on('fieldsLimit', () => reject(new Refusal('too_large', 'the form has too many fields')))
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
    // The parser's end would not be theirs: what is still being written would wait for ever.
    for (const stream of streams) stream.destroy()
    parser.destroy()
    await discard(files)
    throw error
  }
}

function parserOf(headers: IncomingHttpHeaders, fileSize: number) {
  try {
    const limits = { ...fieldLimits, fileSize, files: mostFiles }
    return new Busboy({ headers: headers as BusboyHeaders, limits })
  } catch {
    throw new Refusal('malformed', 'the header Content-Type names no boundary of the multipart body')
  }
}

async function discard(files: Promise<Arrived | undefined>[]): Promise<void> {
  for (const file of await Promise.allSettled(files)) {
    if (file.status === 'fulfilled' && file.value) await rm(file.value.path, { force: true })
  }
}
