import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import { notFound } from '../lib/errors.ts'
import { type Storage, StorageError } from './storage.ts'

// Seconds until the service must begin its response. Uploading a file can take longer.
const timeout = 30
const putTimeout = 600

/**
 * Stores files in a bucket of an S3-compatible service (signature version 4, buckets in the path):
 * `s3://KEY:SECRET@HOST/BUCKET?region=eu-central-1`, with an optional folder after the bucket. `s3+http://` is without TLS.
 */
export function s3Storage(url: string): Storage {
  const { bucket, folder, client } = clientOf(new URL(url))

  const send = async (address: string, init: RequestInit, seconds = timeout): Promise<Response> => {
    const controller = new AbortController()
    const timer = setTimeout(
      () => controller.abort(new Error(`S3 took longer than ${seconds} seconds`)),
      seconds * 1000,
    )
    try {
      return await client.fetch(address, { ...init, signal: controller.signal })
    } catch (error) {
      const { message, cause } = error as Error
      throw new StorageError(`S3 cannot be reached: ${(cause as Error | undefined)?.message ?? message}`, {
        cause: error,
      })
    } finally {
      clearTimeout(timer)
    }
  }
  const assertOk = async (action: string, response: Response) => {
    if (response.ok) return response
    // The body is not part of the error: it can contain the name of the key, and a part of the signature.
    await response.body?.cancel()
    throw new StorageError(`S3 responded with ${response.status} to ${action}`)
  }

  return {
    async put(name, { path, sha256 }) {
      const headers = { 'x-amz-content-sha256': sha256 }
      const body = await openAsBlob(path)
      const response = await send(folder + name, { method: 'PUT', headers, body }, putTimeout)
      await assertOk('writing a file', response)
      await response.body?.cancel()
    },

    async get(name, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {}
      const response = await send(folder + name, { headers })
      if (response.status === 404) {
        await response.body?.cancel()
        throw notFound('file')
      }
      const { body } = await assertOk('reading a file', response)
      return Readable.fromWeb(body as ReadableStream)
    },

    async remove(name) {
      const response = await send(folder + name, { method: 'DELETE' })
      if (response.status !== 404) await assertOk('removing a file', response)
      await response.body?.cancel()
    },

    async list() {
      const prefix = new URL(folder).pathname.slice(new URL(bucket).pathname.length + 1)
      const names: string[] = []
      let next: string | undefined = ''
      while (next !== undefined) {
        const query = new URLSearchParams({ 'list-type': '2', prefix: decodeURIComponent(prefix) })
        if (next) query.set('continuation-token', next)
        const response = await assertOk('listing files', await send(`${bucket}?${query}`, {}))
        const text = await response.text()
        const keys = elements(text, 'Key')
        names.push(...keys.map((key) => key.slice(decodeURIComponent(prefix).length)))
        next = elements(text, 'NextContinuationToken')[0]
      }
      return names
    },

    async check() {
      const response = await send(bucket, { method: 'HEAD' })
      await assertOk('opening the bucket', response)
    },
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Returns the texts of all elements with this name in an XML document. */
function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) =>
    text!.replaceAll(/&(\w+);/g, (whole, entity) => entities[entity] ?? whole),
  )
}

function clientOf(url: URL): { bucket: string; folder: string; client: AwsClient } {
  const scheme = url.protocol === 's3:' ? 'https' : 'http'
  return {
    bucket: `${scheme}://${url.host}/${url.pathname.split('/')[1]}`,
    folder: `${scheme}://${url.host}${url.pathname.replace(/(?<!\/)\/*$/, '/')}`,
    client: new AwsClient({
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
      service: 's3',
      region: url.searchParams.get('region') ?? 'us-east-1',
      // Few, because there are other attempts: the sender of a message repeats it, and the sweep repeats itself.
      retries: 2,
    }),
  }
}
