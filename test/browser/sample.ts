import sharp from 'sharp'
import { createMember } from '../../src/features/users/service.ts'
import { createToken } from '../../src/features/users/tokens.ts'
import { browserOf, recordVisit } from '../../src/features/visits/service.ts'
import type { ApiResponse, TestApp } from '../app.ts'
import { formOf } from '../files.ts'
import { userAgent } from './realistic-texts.ts'
import {
  agents,
  labels,
  macro,
  main,
  others,
  type SampleConversation,
  type SampleMessage,
  teams,
  views,
  visit,
} from './sample-shop.ts'

interface Shop {
  test: TestApp
  /** By first name. */
  tokens: Record<string, string>
  userIds: Record<string, number>
  teamIds: Record<string, number>
  inboxIds: Record<string, number>
}

/** Fills an empty installation with the shop of `sample-shop.ts`. Returns the id of the conversation to open. */
export async function fillWithSample(test: TestApp): Promise<number> {
  const shop: Shop = { test, tokens: {}, userIds: {}, teamIds: {}, inboxIds: {} }
  const first = (name: string) => name.split(' ')[0]!
  await test.api('//api/v1/profile', { method: 'PATCH', body: { name: agents[0]! } })
  shop.tokens[first(agents[0]!)] = test.token
  shop.userIds[first(agents[0]!)] = 1
  for (const name of agents.slice(1)) {
    await test.app.database.transaction(null, async (tx) => {
      const user = { name, email: `${first(name).toLowerCase()}@example.com`, passwordHash: 'none' }
      const id = await createMember(tx, 1, 'administrator', user)
      shop.userIds[first(name)] = id
      shop.tokens[first(name)] = await createToken(tx, 1, id, { name: 'sample', scopes: ['admin'] })
    })
  }
  await post(shop, '/inboxes/1', { name: 'Shop' }, 'PATCH')
  shop.inboxIds = {
    Shop: 1,
    Mail: (await post(shop, '/inboxes', { name: 'Mail', channel: { type: 'api' } })).id,
  }
  for (const name of teams) shop.teamIds[name] = (await post(shop, '/teams', { name })).id
  for (const label of labels) await post(shop, '/labels', label)
  for (const view of views) await post(shop, '/views', view)
  await post(shop, '/macros', macro)
  await test.api('/conversations/1', { method: 'DELETE' })
  for (const conversation of others.toReversed()) await begin(shop, conversation)
  const id = await begin(shop, main)
  const { contact, inbox_id } = (await test.api(`/conversations/${id}`)).body
  const of = { account_id: 1, contact_id: contact.id, inbox_id }
  await recordVisit(
    test.app.database,
    of,
    visit,
    browserOf({ 'accept-language': 'sv-SE', 'user-agent': userAgent }),
  )
  return id
}

async function begin(shop: Shop, sample: SampleConversation): Promise<number> {
  const { customer, inbox, status, assignee, team, priority } = sample
  const contact = await post(shop, '/contacts', {
    name: customer,
    email: `${
      customer
        .normalize('NFKD')
        .replace(/[^a-z]/gi, '')
        .toLowerCase() || 'layla'
    }@example.com`,
    ...(sample === main
      ? { phone_number: '+46701234567', custom_attributes: { plan: 'Plus', orders: 14 } }
      : {}),
  })
  const inbox_id = shop.inboxIds[inbox]!
  const { id } = await post(shop, '/conversations', { inbox_id, contact_id: contact.id })
  const path = `/conversations/${id}`
  const userId = assignee ? shop.userIds[assignee.split(' ')[0]!]! : null
  if (userId !== null) await post(shop, `${path}/assignments`, { assignee_id: userId })
  if (team) await post(shop, `${path}/assignments`, { team_id: shop.teamIds[team]! })
  if (priority) await post(shop, `${path}/toggle_priority`, { priority })
  if (sample.labels) await post(shop, `${path}/labels`, { labels: sample.labels })
  for (const message of sample.messages) await write(shop, id, message)
  if (sample.isRead) await post(shop, `${path}/update_last_seen`, {})
  if (status) await post(shop, `${path}/toggle_status`, { status })
  await setTimes(shop, id, sample.ago)
  return id
}

async function write(shop: Shop, conversation: number, message: SampleMessage): Promise<void> {
  const { from, text, isNote = false, withFiles = false, choices } = message
  const path = `/conversations/${conversation}/messages`
  const isIncoming = from === 'customer'
  const fields = { content: text, message_type: isIncoming ? 'incoming' : 'outgoing' }
  const items = choices?.map((title) => ({ title, value: title }))
  const asked = items && { content_type: 'input_select', content_attributes: { items } }
  const body = withFiles ? formOf(fields, await files()) : { ...fields, private: isNote, ...asked }
  const token = shop.tokens[from] ?? shop.test.token
  const { status, body: sent } = await shop.test.api(path, { method: 'POST', body, token })
  if (status !== 201) throw new Error(JSON.stringify(sent))
  if (!isIncoming && !isNote) await post(shop, `${path}/${sent.id}`, { status: 'read' }, 'PATCH')
}

/** Lets the messages of a conversation have been written a few minutes apart, the last `ago` minutes before now. */
async function setTimes({ test }: Shop, conversation: number, ago: number): Promise<void> {
  await test.app.database.transaction(null, async (tx) => {
    const of = tx.sql.selectFrom('messages').select('id').where('account_id', '=', 1)
    const rows = await of.where('conversation_id', '=', conversation).orderBy('id', 'desc').execute()
    let at = Date.now() - ago * 60_000
    await tx.sql
      .updateTable('conversations')
      .set({ last_activity_at: at })
      .where('account_id', '=', 1)
      .where('id', '=', conversation)
      .execute()
    for (const [index, { id }] of rows.entries()) {
      const update = tx.sql.updateTable('messages').set({ created_at: at }).where('account_id', '=', 1)
      await update.where('conversation_id', '=', conversation).where('id', '=', id).execute()
      at -= [4, 11, 2, 1, 3, 16, 1, 0][index % 8]! * 60_000
    }
  })
}

async function post(
  { test }: Shop,
  path: string,
  body: object,
  method = 'POST',
): Promise<ApiResponse['body']> {
  const answer = await test.api(path, { method, body })
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

async function files() {
  const lamp = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420">
    <defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#d9c9b0"/><stop offset="1" stop-color="#b9a282"/></linearGradient></defs>
    <rect width="640" height="420" fill="url(#g)"/><rect y="300" width="640" height="120" fill="#8d7556"/>
    <path d="M90 330 210 150h220l120 180z" fill="#c79a5b"/><path d="M210 150h220l-20 40H235z" fill="#a87c40"/>
    <path d="M250 205l70-55 75 52-20 78H268z" fill="#f4efe3"/><path d="M320 150l8 40-16 26 20 24-10 40" stroke="#7a6a52" stroke-width="5" fill="none"/>
    <path d="M300 280h46v38h-46z" fill="#55606e"/></svg>`
  const invoice = Buffer.concat([Buffer.from('%PDF-1.4\n%âãÏÓ\n'), Buffer.alloc(84_000, ' ')])
  return [
    { bytes: await sharp(Buffer.from(lamp)).jpeg({ quality: 88 }).toBuffer(), name: 'lamp.jpg' },
    { bytes: invoice, name: 'invoice-20914.pdf', type: 'application/pdf' },
  ]
}
