import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import { notFound } from '../lib/errors.ts'
import type { Storage } from './storage.ts'

// Seconds that the service may take to begin its answer; to a whole file it may listen for longer.
const longestWait = 30
const longestPut = 600

/**
 * Files in a bucket of a service that speaks S3 (signature version 4, buckets in the path):
 * `s3://KEY:SECRET@HOST/BUCKET?region=eu-central-1`, with a folder after the bucket if you like; `s3+http://` without
 * TLS.
 */
export function s3Storage(url: string): Storage {
  const { bucket, folder, client } = clientOf(new URL(url))

  const ask = async (address: string, init: RequestInit, seconds = longestWait): Promise<Response> => {
    const wait = new AbortController()
    const timer = setTimeout(
      () => wait.abort(new Error(`S3 took longer than ${seconds} seconds`)),
      seconds * 1000,
    )
    try {
      return await client.fetch(address, { ...init, signal: wait.signal })
    } finally {
      clearTimeout(timer)
    }
  }
  const asked = async (what: string, response: Response) => {
    if (response.ok) return response
    // Its answer may hold the name of the key, and a part of the signature.
    await response.body?.cancel()
    throw new Error(`S3 answers ${response.status} to ${what}`)
  }

  return {
    async put(name, { path, sha256 }) {
      const headers = { 'x-amz-content-sha256': sha256 }
      const body = await openAsBlob(path)
      const response = await asked(
        'a file',
        await ask(folder + name, { method: 'PUT', headers, body }, longestPut),
      )
      await response.body?.cancel()
    },

    async get(name, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {}
      const response = await ask(folder + name, { headers })
      if (response.status === 404) {
        await response.body?.cancel()
        throw notFound('file')
      }
      const { body } = await asked('reading a file', response)
      return Readable.fromWeb(body as ReadableStream)
    },

    async remove(name) {
      const response = await ask(folder + name, { method: 'DELETE' })
      if (response.status !== 404) await asked('removing a file', response)
      await response.body?.cancel()
    },

    async check() {
      const response = await ask(bucket, { method: 'HEAD' })
      await asked('the name of the bucket', response)
    },
  }
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
      // Of ours: a put is asked for once more by who sent the message, and the sweep comes again.
      retries: 2,
    }),
  }
}
