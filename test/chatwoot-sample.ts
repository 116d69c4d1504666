import { hashSync } from 'bcryptjs'
import type { Chatwoot } from './chatwoot.ts'

/** What Alice signs in with. */
export const password = 'one of the old ones'
export const aliceToken = 'AlicesTokenOfChatwoot24x'
export const botToken = 'BotTokenOfChatwoot24char'
export const visitorSecret = '0b36ddbd-9f65-4a0c-8c1b-2b2b1d0e5d3a'
export const websiteToken = 'WebsiteTokenOf24Characte'
export const hmacKey = 'hmac-key-of-the-shop'

/** Fills an account with the traps that real ones have, next to another account. */
export async function addSample({ add, run }: Chatwoot): Promise<void> {
  const at = (time: string) => `2026-03-01 ${time}`
  await add('accounts', { id: 1, name: 'Acme' }, { id: 2, name: 'Other' })
  const confirmed_at = '2025-01-01'
  const encrypted_password = hashSync(password, 4).replace('$2b$', '$2a$')
  await add(
    'users',
    { id: 7, name: 'Alice', email: 'Alice@example.com', confirmed_at, encrypted_password },
    { id: 9, name: 'Bob', email: 'bob@example.com', confirmed_at },
    { id: 11, name: 'Carol', email: 'carol@example.com', confirmed_at },
    { id: 13, name: 'Dan', email: 'dan@example.com' },
  )
  await add(
    'account_users',
    { account_id: 1, user_id: 7, role: 1 },
    { account_id: 1, user_id: 9, role: 0, availability: 2 },
    { account_id: 1, user_id: 13, role: 0 },
    { account_id: 2, user_id: 9, role: 1 },
  )
  await add('access_tokens', { owner_type: 'User', owner_id: 7, token: aliceToken })
  await add('access_tokens', { owner_type: 'AgentBot', owner_id: 4, token: botToken })
  await add('channel_api', {
    ...{ id: 3, account_id: 1, identifier: 'ApiIdentifierOf24Charact', hmac_token: hmacKey },
    ...{ hmac_mandatory: true, webhook_url: 'https://hooks.example.com/chatwoot', secret: '{"p":"sealed"}' },
  })
  await add('channel_web_widgets', {
    ...{
      id: 5,
      account_id: 1,
      website_token: websiteToken,
      website_url: 'shop.example.com',
      widget_color: '#ff0000',
    },
    ...{ welcome_title: 'Hello', allowed_domains: '*.example.org, https://blog.example.com' },
  })
  await add('channel_email', {
    id: 2,
    account_id: 1,
    email: 'support@example.com',
    imap_enabled: true,
    imap_address: 'imap.example.com',
    imap_port: 993,
    imap_login: 'support@example.com',
    imap_password: 'the mail password',
    smtp_enabled: true,
    smtp_address: 'smtp.example.com',
    smtp_port: 587,
    smtp_login: 'support@example.com',
    smtp_password: 'the mail password',
  })
  await add(
    'inboxes',
    { id: 4, account_id: 1, name: 'Shop', channel_type: 'Channel::Api', channel_id: 3 },
    { id: 6, account_id: 1, name: 'Website', channel_type: 'Channel::WebWidget', channel_id: 5 },
    { id: 8, account_id: 1, name: 'Support', channel_type: 'Channel::Email', channel_id: 2 },
    { id: 10, account_id: 2, name: 'Theirs', channel_type: 'Channel::Api', channel_id: 99 },
  )
  await add('inbox_members', { user_id: 9, inbox_id: 4 })
  await add('teams', { id: 2, account_id: 1, name: 'sales', description: 'Sells' })
  await add('team_members', { team_id: 2, user_id: 9 })
  await add(
    'labels',
    { id: 3, account_id: 1, title: 'vip', color: '#00ff00' },
    { id: 5, account_id: 1, title: 'größe' },
  )
  await add('agent_bots', { id: 4, account_id: 1, name: 'Robo', outgoing_url: 'https://bot.example.com' })
  await add('agent_bot_inboxes', { agent_bot_id: 4, inbox_id: 4, account_id: 1 })
  const company = { created_at: at('08:00'), updated_at: at('08:00') }
  await add(
    'companies',
    { id: 5, account_id: 1, name: 'Acme', domain: 'Acme.example', description: 'Anvils', ...company },
    { id: 6, account_id: 1, name: 'ACME ', domain: 'acme.example.org', ...company },
    { id: 7, account_id: 1, name: 'By mail', domain: 'gmail.com', ...company },
    { id: 8, account_id: 2, name: 'Theirs', ...company },
  )
  await add(
    'contacts',
    {
      ...{
        id: 21,
        account_id: 1,
        name: 'Jane',
        middle_name: 'van',
        last_name: 'Doe',
        email: 'jane@example.org',
      },
      ...{
        phone_number: '+4930123456',
        identifier: 'crm-7',
        custom_attributes: { plan: 'gold' },
        contact_type: 2,
      },
      ...{
        additional_attributes: { city: 'Berlin' },
        company_id: 6,
        country_code: 'DE',
        created_at: at('08:00'),
      },
      ...{ updated_at: at('08:00'), last_activity_at: at('10:00') },
    },
    { id: 22, account_id: 1, name: 'Jane again', email: 'JANE@example.org', updated_at: at('08:00') },
    {
      id: 23,
      account_id: 1,
      name: '',
      email: 'not an address',
      phone_number: '0301234',
      updated_at: at('08:00'),
    },
    {
      ...{ id: 24, account_id: 1, name: 'Blocked', blocked: true, updated_at: at('08:00') },
      additional_attributes: { company_name: 'Globex' },
    },
    { id: 30, account_id: 2, name: 'Not ours', email: 'other@example.org' },
  )
  await add(
    'contact_inboxes',
    { id: 41, contact_id: 21, inbox_id: 4, source_id: '+4930123456', created_at: at('08:00') },
    { id: 42, contact_id: 21, inbox_id: 4, source_id: 'second-name', created_at: at('08:01') },
    { id: 43, contact_id: 21, inbox_id: 6, source_id: visitorSecret, created_at: at('08:02') },
    { id: 44, contact_id: 22, inbox_id: 4, source_id: 'jane-again', created_at: at('08:03') },
    { id: 45, contact_id: 23, inbox_id: 8, source_id: 'not an address', created_at: at('08:04') },
  )
  const conversation = {
    account_id: 1,
    created_at: at('09:00'),
    updated_at: at('10:00'),
    last_activity_at: at('10:00'),
  }
  await add(
    'conversations',
    {
      ...{ ...conversation, id: 501, display_id: 3, inbox_id: 4, contact_id: 21, contact_inbox_id: 42 },
      ...{
        assignee_id: 9,
        team_id: 2,
        priority: 3,
        agent_last_seen_at: at('09:30'),
        custom_attributes: { order: 7 },
      },
    },
    {
      ...{ ...conversation, id: 502, display_id: 5, inbox_id: 6, contact_id: 21, contact_inbox_id: 43 },
      ...{ status: 3, snoozed_until: '2030-01-01' },
    },
    {
      ...{ ...conversation, id: 503, display_id: 7, inbox_id: 8, contact_id: 23, contact_inbox_id: 45 },
      ...{ status: 1, assignee_id: 11, additional_attributes: { mail_subject: 'Where is it?' } },
    },
    { ...conversation, id: 504, display_id: 9, inbox_id: 4, contact_id: null },
    { ...conversation, id: 505, display_id: 10, inbox_id: 4, contact_id: 22, contact_inbox_id: 44 },
    { ...conversation, id: 506, account_id: 2, display_id: 1, inbox_id: 10, contact_id: 30 },
  )
  await add('tags', { id: 1, name: 'vip' }, { id: 2, name: 'größe' }, { id: 3, name: 'deleted-label' })
  const tag = (tag_id: number, taggable_type: string, taggable_id: number) =>
    add('taggings', { tag_id, taggable_type, taggable_id, context: 'labels' })
  await tag(1, 'Conversation', 501)
  await tag(3, 'Conversation', 501)
  await tag(2, 'Contact', 21)
  const message = {
    account_id: 1,
    inbox_id: 4,
    conversation_id: 501,
    message_type: 0,
    created_at: at('09:01'),
  }
  const jane = { sender_type: 'Contact', sender_id: 21 }
  await add(
    'messages',
    {
      ...message,
      ...jane,
      id: 1001,
      content: 'Where is my order?',
      source_id: 'WAID:1',
      updated_at: at('09:01'),
    },
    {
      ...{
        ...message,
        id: 1002,
        message_type: 1,
        content: 'On its way.',
        sender_type: 'User',
        sender_id: 9,
        status: 2,
      },
      // A text with JSON, as Chatwoot stores it.
      content_attributes: JSON.stringify(JSON.stringify({ in_reply_to: 1001, note: 'NUL \u0000 here' })),
      ...{ created_at: at('09:05'), updated_at: at('09:05') },
    },
    {
      ...{
        ...message,
        id: 1003,
        message_type: 1,
        private: true,
        content: 'A regular.',
        sender_type: 'User',
        sender_id: 11,
      },
      // Older than the message before it.
      ...{ created_at: at('09:04'), updated_at: at('09:04') },
    },
    {
      ...{ ...message, ...jane, id: 1004, content: 'This message was deleted', created_at: at('09:06') },
      ...{ content_attributes: JSON.stringify(JSON.stringify({ deleted: true })), updated_at: at('09:07') },
    },
    { ...message, id: 1005, message_type: 2, content: 'Bob resolved it', created_at: at('09:08') },
    { ...message, id: 1006, message_type: 3, content: 'Rate us', content_type: 9, created_at: at('09:09') },
    {
      ...{
        ...message,
        id: 1007,
        message_type: 1,
        content: 'Pick one',
        content_type: 4,
        created_at: at('09:10'),
      },
      ...{ sender_type: 'AgentBot', sender_id: 4 },
      content_attributes: { items: [{ title: 'Yes', value: 'yes' }] },
    },
    { ...message, ...jane, id: 1008, content: null, created_at: at('09:40'), updated_at: at('09:40') },
    { ...message, ...jane, id: 1009, content: 'And here', created_at: at('09:41'), updated_at: at('09:41') },
    {
      ...message,
      id: 1010,
      conversation_id: 502,
      inbox_id: 6,
      ...jane,
      content: 'Hello?',
      created_at: at('10:00'),
    },
    {
      ...message,
      id: 1011,
      conversation_id: 503,
      inbox_id: 8,
      sender_type: 'Contact',
      sender_id: 23,
      content: 'A mail',
    },
    { ...message, id: 1012, conversation_id: 504, content: 'Without a contact' },
    {
      ...message,
      id: 1013,
      conversation_id: 505,
      sender_type: 'Contact',
      sender_id: 22,
      content: 'It is me',
    },
    { ...message, id: 1014, account_id: 2, inbox_id: 10, conversation_id: 506, content: 'Not ours' },
  )
  await add('canned_responses', {
    id: 1,
    account_id: 1,
    short_code: 'hi there',
    content: 'Hello {{contact.name}}',
  })
  await add(
    'webhooks',
    {
      id: 1,
      account_id: 1,
      url: 'https://hooks.example.com/all',
      subscriptions: ['message_created', 'no_such_event'],
    },
    {
      id: 2,
      account_id: 1,
      inbox_id: 4,
      url: 'https://hooks.example.com/inbox',
      subscriptions: ['message_created'],
    },
  )
  await add(
    'macros',
    {
      ...{ id: 1, account_id: 1, name: 'Done', visibility: 1, created_by_id: 7 },
      actions: JSON.stringify([
        { action_name: 'add_label', action_params: ['größe'] },
        { action_name: 'resolve_conversation' },
      ]),
    },
    {
      ...{ id: 2, account_id: 1, name: 'Odd', visibility: 1, created_by_id: 7 },
      actions: JSON.stringify([{ action_name: 'dance', action_params: [] }]),
    },
  )
  await add(
    'notes',
    { id: 3, account_id: 1, contact_id: 21, content: 'Prefers tea', user_id: 9, created_at: at('09:00') },
    { id: 4, account_id: 1, contact_id: 24, content: 'Once more', user_id: 9, created_at: at('09:00') },
    { id: 5, account_id: 1, contact_id: 22, content: 'Has moved', user_id: 11, updated_at: at('09:01') },
    { id: 6, account_id: 2, contact_id: 30, content: 'Not ours' },
  )
  const follows = (user_id: number, conversation_id: number) =>
    add('conversation_participants', { account_id: 1, user_id, conversation_id })
  await follows(9, 501)
  await follows(7, 501)
  await follows(13, 501)
  const condition = (attribute_key: string, values: unknown[], attribute_model = 'standard') => ({
    ...{ attribute_key, attribute_model, values, filter_operator: 'equal_to', query_operator: 'and' },
  })
  const payload = [
    condition('labels', ['größe']),
    condition('team_id', [2]),
    condition('plan', ['gold'], 'customAttributes'),
  ]
  await add(
    'custom_filters',
    { id: 1, account_id: 1, user_id: 9, name: 'Gold', query: { payload } },
    {
      id: 2,
      account_id: 1,
      user_id: 9,
      name: 'Mails',
      query: { payload: [condition('mail_subject', ['a'])] },
    },
    { id: 3, account_id: 1, user_id: 9, name: 'People', filter_type: 1, query: { payload } },
  )
  await add('reporting_events', { account_id: 1 }, { account_id: 1 })
  for (const table of ['contacts', 'conversations', 'messages', 'users'])
    await run(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
}
