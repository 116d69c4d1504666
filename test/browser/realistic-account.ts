import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { Import } from '../../src/features/import-export/service.ts'
import { addInboxMember } from '../../src/features/inboxes/service.ts'
import { createMember } from '../../src/features/users/service.ts'
import { recordVisit } from '../../src/features/visits/service.ts'
import { openFiles } from '../../src/files/open.ts'
import type { ApiResponse, TestApp } from '../app.ts'
import { sound } from '../files.ts'
import * as texts from './realistic-texts.ts'

/** What a test can name in the account; all ids are the same in every run. */
export interface RealisticAccount {
  /** 80 messages of every kind, with every label, by the contact with the longest name. */
  showcase: number
  /** A resolved conversation of 40 messages. */
  longest: number
  /** Two conversations of two contacts who have the same name. */
  namesakes: [number, number]
  /** All 80 conversations. */
  conversations: number[]
}

const day = 86_400
const contactCount = 60
const conversationCount = 80

/**
 * Fills a running server that was just started with an account as a team has it after half a year: 60 contacts, 80
 * conversations with some 1,800 messages, 7 agents, 4 teams, 4 inboxes and 12 labels, with texts, files and names of every
 * kind. The administrator keeps their password.
 */
export async function fillRealisticAccount(test: TestApp): Promise<RealisticAccount> {
  const post = async (path: string, body: object, method = 'POST'): Promise<ApiResponse['body']> => {
    const answer = await test.api(path, { method, body })
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  await test.api('/conversations/1', { method: 'DELETE' })
  await test.api('//api/v1/profile', { method: 'PATCH', body: { name: texts.agents[0]! } })
  await post('/inboxes/1', { name: texts.inboxes[0]!.name }, 'PATCH')
  const inboxIds = [1]
  for (const inbox of texts.inboxes.slice(1)) inboxIds.push((await post('/inboxes', inbox)).id)
  const userIds = [1]
  for (const [index, name] of texts.agents.entries()) {
    if (index === 0) continue
    await test.app.database.transaction(null, async (tx) => {
      const user = { name, email: addressOf(name), passwordHash: index === 6 ? null : 'none' }
      const id = await createMember(tx, 1, index === 1 ? 'administrator' : 'agent', user)
      for (const inboxId of inboxIds) await addInboxMember(tx, 1, inboxId, id)
      userIds.push(id)
    })
  }
  for (const team of texts.teams) {
    const { id } = await post('/teams', team)
    await post(`/teams/${id}/team_members`, { user_ids: userIds.slice(id % 3, 4 + (id % 3)) })
  }
  for (const label of texts.labels) await post('/labels', label)
  await importHistory(test)
  await addVisitors(test)
  const conversations = Array.from({ length: conversationCount }, (_, index) => 2 + index)
  const [showcase, longest, namesake, other] = conversations as [number, number, number, number]
  return { showcase, longest, namesakes: [namesake, other], conversations }
}

/** The contact of the showcase is on a page with a long address and title; another contact has given no name. */
async function addVisitors({ api, app }: TestApp): Promise<void> {
  const { contact, inbox_id } = (await api('/conversations/2')).body
  const page_url = `https://www.very-long-domain-of-a-shop.example.com/${'a-category-with-a-long-name/'.repeat(8)}boots`
  const visit = { page_url, page_title: texts.pageTitle, referrer_url: 'https://search.example.com/results' }
  const of = { account_id: 1, contact_id: contact.id, inbox_id }
  await recordVisit(app.database, of, visit, { language: 'de-AT', user_agent: texts.userAgent })
  const unnamed = (await api('/conversations/10')).body.contact.id
  const body = { name: 'Visitor', email: null, phone_number: null }
  await api(`/contacts/${unnamed}`, { method: 'PATCH', body })
}

async function importHistory({ app, config }: TestApp): Promise<void> {
  const folder = join(config.dataDir, 'realistic-account')
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(await files())) writeFileSync(join(folder, name), bytes)
  const csv = join(folder, 'contacts.csv')
  const jsonl = join(folder, 'conversations.jsonl')
  writeFileSync(csv, contacts())
  writeFileSync(jsonl, conversationLines())
  const faults: string[] = []
  const target = {
    database: app.database,
    accountId: 1,
    inboxId: undefined,
    dryRun: false,
    rest: async () => {},
    files: openFiles(config),
    maxFileSize: config.maxFileSize,
  }
  const listener = {
    progress() {},
    fault: (file: string, { line, sentence }: { line: number; sentence: string }) =>
      void faults.push(`${file}:${line}: ${sentence}`),
  }
  const importer = await Import.into(target, listener)
  await importer.contacts(csv)
  await importer.conversations(jsonl)
  rmSync(folder, { recursive: true })
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

function addressOf(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')
  return `${letters.replace(/^\.|\.$/g, '') || `contact-${name.length}`}@example.com`
}

function nameOf(index: number): string {
  // The third and the fourth have one name.
  return texts.contacts[index === 3 ? 2 : index % texts.contacts.length]!
}

function emailOf(index: number): string {
  return addressOf(nameOf(index)).replace('@', `.${index}@`)
}

function contacts(): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const rows = Array.from({ length: contactCount }, (_, index) => {
    const phone = index % 4 === 0 ? `+4670${String(1_000_000 + index * 7919).slice(0, 7)}` : ''
    const attributes =
      index % 3 === 0 ? JSON.stringify(texts.attributes[(index / 3) % texts.attributes.length]) : ''
    const identifier = index % 5 === 0 ? `crm-${1000 + index}` : ''
    return [nameOf(index), emailOf(index), phone, identifier, index === 9 ? 'true' : '', attributes]
      .map(cell)
      .join(',')
  })
  return ['name,email,phone_number,identifier,blocked,custom_attributes', ...rows, ''].join('\n')
}

function conversationLines(): string {
  const now = Math.floor(Date.now() / 1000)
  const lines: object[] = []
  for (let index = 0; index < conversationCount; index++) {
    const count = index === 0 ? 80 : index === 1 ? 40 : 5 + ((index * 13) % 36)
    // The last message of each is a little older than that of the one before it; the oldest is half a year old.
    const last = now - Math.round(60 + 600 * index + (index / conversationCount) ** 4 * 180 * day)
    const step = index % 3 === 0 ? 95 : 1700
    lines.push(conversationLine(index, last - count * step, now))
    for (let at = 0; at < count; at++) lines.push(messageLine(index, at, last - (count - 1 - at) * step))
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

function conversationLine(index: number, created_at: number, now: number): object {
  const status =
    index === 1 || index % 9 === 5
      ? 'resolved'
      : index % 13 === 6
        ? 'pending'
        : index % 11 === 7
          ? 'snoozed'
          : 'open'
  const titles = texts.labels.map(({ title }) => title)
  return {
    type: 'conversation',
    source_id: `realistic-${index}`,
    contact: emailOf(index < contactCount ? index : (index * 7) % 20),
    inbox: texts.inboxes[index === 0 ? 3 : index % 4]!.name,
    created_at,
    status,
    ...(status === 'snoozed' ? { snoozed_until: now + day * (1 + (index % 5)) } : {}),
    priority: ['urgent', null, 'high', null, 'medium', null, 'low', null][index % 8],
    ...(index % 3 === 1
      ? {}
      : {
          assignee: index % 6 === 0 ? addressOf(texts.agents[3]!) : addressOf(texts.agents[1 + (index % 5)]!),
        }),
    ...(index % 4 === 2 ? {} : { team: texts.teams[index % 4]!.name }),
    labels: index === 0 ? titles : titles.filter((_, at) => (index + at * 5) % 7 === 0),
    unread_count: index % 5 === 0 ? 1 + (index % 4) : 0,
    custom_attributes: index % 10 === 0 ? texts.attributes[1] : {},
  }
}

function messageLine(index: number, at: number, created_at: number): object {
  const special = texts.special[at]
  const base = { type: 'message', source_id: `${index}-${at}`, created_at }
  const sender = addressOf(texts.agents[1 + ((index + at) % 5)]!)
  if (index === 0 && special) {
    return { ...base, ...special, ...(special.message_type === 'outgoing' ? { sender } : {}) }
  }
  const isIncoming = (at + index) % 3 !== 1
  const isNote = !isIncoming && (at + index) % 5 === 0
  const sentences = isNote ? texts.notes : isIncoming ? texts.questions : texts.answers
  const content = sentences[(index * 31 + at * 7) % sentences.length]
  if (isIncoming) return { ...base, message_type: 'incoming', content }
  return {
    ...base,
    message_type: 'outgoing',
    sender,
    content,
    private: isNote,
    ...(isNote ? {} : { status: 'read' }),
  }
}

async function files(): Promise<Record<string, Buffer>> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="1600" height="900" fill="#b9a282"/>
    <circle cx="800" cy="450" r="300" fill="#f4efe3"/><path d="M500 150 1100 750M1100 150 500 750" stroke="#55606e" stroke-width="40"/></svg>`
  const drawing = sharp(Buffer.from(svg))
  return {
    'parcel.jpg': await drawing.clone().jpeg({ quality: 80 }).toBuffer(),
    'tall.png': await drawing.clone().resize(300, 1200, { fit: 'fill' }).png().toBuffer(),
    'voice.wav': sound(),
    'note.txt': Buffer.from('Leave it with the neighbours, please.\nThanks!'),
    'invoice.pdf': Buffer.concat([Buffer.from('%PDF-1.4\n%âãÏÓ\n'), Buffer.alloc(1_284_000, ' ')]),
  }
}
