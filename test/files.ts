import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { crc32, createDeflate } from 'node:zlib'
import sharp from 'sharp'
import type { ApiResponse, TestApp } from './app.ts'

/** A file of a form. */
export interface FormFile {
  bytes: Uint8Array | string
  name: string
  type?: string
}

/** Returns a form with fields and files. */
export function formOf(fields: Record<string, string>, files: FormFile[] = []): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const { bytes, name, type = '' } of files) {
    form.append('attachments[]', new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name)
  }
  return form
}

/** Sends a form as a message to a conversation. */
export function sendForm(
  { api }: TestApp,
  fields: Record<string, string>,
  files: FormFile[] = [],
  { conversationId = 1, headers = {} }: { conversationId?: number; headers?: Record<string, string> } = {},
): Promise<ApiResponse> {
  const body = formOf({ message_type: 'outgoing', ...fields }, files)
  return api(`/conversations/${conversationId}/messages`, { method: 'POST', body, headers })
}

/** Sends one file, and returns its attachment. Fails if it is refused. */
export async function sendFile(test: TestApp, file: FormFile): Promise<ApiResponse['body']> {
  const { status, body } = await sendForm(test, { content: 'See this' }, [file])
  assert.equal(status, 201, JSON.stringify(body))
  return body.attachments[0]
}

/** Requests the link of an attachment, without a token. */
export function fetchFile({ app, config }: TestApp, link: string, init: RequestInit = {}): Promise<Response> {
  assert.ok(link.startsWith(`${config.publicUrl}/files/`), link)
  return fetch(app.url + link.slice(config.publicUrl.length), init)
}

/** Returns the names of all files in a server's storage, including incomplete uploads. */
export function storedFiles({ config }: TestApp): string[] {
  const entries = globSync('**/*', { cwd: join(config.dataDir, 'files'), withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** Returns a JPEG of one colour. */
export function picture(width: number, height: number, orientation = 1): Promise<Buffer> {
  const create = { width, height, channels: 3 as const, background: 'teal' }
  return sharp({ create }).withMetadata({ orientation }).jpeg().toBuffer()
}

const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** Returns a black interlaced PNG, which can only be decoded as a whole: 1 channel is grey, 4 are RGBA. */
export async function interlacedPng(side: number, channels: 1 | 4): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 8
  header[9] = channels === 1 ? 0 : 6
  header[12] = 1
  const bytesOf = ([x, y, columns, rows]: (typeof passes)[number]) =>
    Math.ceil((side - y) / rows) * (1 + Math.ceil((side - x) / columns) * channels)
  const zeros = Buffer.alloc(1024 ** 2)
  function* pixels() {
    let left = passes.reduce((sum, pass) => sum + bytesOf(pass), 0)
    for (; left > 0; left -= zeros.length) yield left < zeros.length ? zeros.subarray(0, left) : zeros
  }
  const compressed = await buffer(Readable.from(pixels()).pipe(createDeflate()))
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', compressed), pngChunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks])
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4)
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), data.length + 8)
  return chunk
}

/** Returns half a second of silence as WAV: 8000 samples of 8 bits per second. */
export function sound(): Buffer {
  const samples = Buffer.alloc(4000, 128)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
