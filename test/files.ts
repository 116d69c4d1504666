import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import type { Answer, TestApp } from './app.ts'

/** A file of a form. */
export interface Part {
  bytes: Uint8Array | string
  name: string
  type?: string
}

/** A form of fields and files. */
export function formOf(fields: Record<string, string>, files: Part[] = []): FormData {
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
  files: Part[] = [],
  { conversationId = 1, headers = {} }: { conversationId?: number; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const body = formOf({ message_type: 'outgoing', ...fields }, files)
  return api(`/conversations/${conversationId}/messages`, { method: 'POST', body, headers })
}

/** Sends one file and gives its attachment; fails where it is refused. */
export async function sendFile(test: TestApp, file: Part): Promise<Answer['body']> {
  const { status, body } = await sendForm(test, { content: 'See this' }, [file])
  assert.equal(status, 201, JSON.stringify(body))
  return body.attachments[0]
}

/** Follows a link of an attachment as a stranger does: without a token. */
export function follow({ app, config }: TestApp, link: string, init: RequestInit = {}): Promise<Response> {
  assert.ok(link.startsWith(`${config.publicUrl}/files/`), link)
  return fetch(app.url + link.slice(config.publicUrl.length), init)
}

/** The names of all files that a server keeps, also of what is just arriving. */
export function keptFiles({ config }: TestApp): string[] {
  const found = globSync('**/*', { cwd: join(config.dataDir, 'files'), withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** Waits until something has come about. */
export async function untilTrue(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 3000; !(await what()); left--) {
    assert.ok(left > 0, `waited in vain for ${what}`)
    await sleep(10)
  }
}

/** A picture of one colour. */
export function picture(width: number, height: number, orientation = 1): Promise<Buffer> {
  const create = { width, height, channels: 3 as const, background: 'teal' }
  return sharp({ create }).withMetadata({ orientation }).jpeg().toBuffer()
}

/** Half a second of silence (WAV, 8000 samples a second of 8 bits). */
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
