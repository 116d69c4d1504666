interface Inbox {
  id: number
  embed_script: string
  hmac_token: string
}

/** Companies that buy at the shop, and who works there. */
const companies = [
  {
    ...{
      name: 'Fjord Outdoor',
      domain: 'fjord-outdoor.example',
      description: 'Guided tours. Orders every spring.',
    },
    people: ['Ingrid Solberg', 'Mats Lund', 'Nora Dahl'],
  },
  {
    ...{
      name: 'Harbour Hotels',
      domain: 'harbour-hotels.example',
      description: 'One invoice for all houses.',
    },
    people: ['Theo Marsh', 'Priya Raman'],
  },
  {
    ...{
      name: 'Linden Schools',
      domain: 'linden-schools.example',
      description: 'Closed in July and August.',
    },
    people: ['Greta Nowak'],
  },
]
const offers = [
  'Your samples have left our house today.',
  'Here is the offer for twelve pairs that you asked for.',
]

/**
 * Creates example data through the API: an inbox for the website of the shop, companies with their contacts, and a
 * conversation with a question.
 */
export async function seed(server: string, token: string, shop: string): Promise<Inbox> {
  // biome-ignore lint/suspicious/noExplicitAny: responses have many shapes
  async function call(method: string, path: string, body: object): Promise<any> {
    const response = await fetch(server + path, {
      method,
      headers: { api_access_token: token, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  const account = '/api/v1/accounts/1'
  const { id: userId } = await call('PATCH', '/api/v1/profile', {
    name: 'Jo Andersen',
    availability: 'online',
  })
  const inbox: Inbox = await call('POST', `${account}/inboxes`, {
    name: 'North & Sole',
    greeting_message: 'Hi! Questions about shoes, sizes or your order? Ask us.',
    channel: { type: 'web_widget', website_url: shop, widget: { color: '#0f766e' } },
  })
  await call('POST', `${account}/inbox_members/${inbox.id}`, { user_ids: [userId] })
  for (const { people, ...company } of companies) {
    await call('POST', `${account}/companies`, company)
    for (const [index, name] of people.entries()) {
      const email = `${name.split(' ')[0]!.toLowerCase()}@${company.domain}`
      // The domain of the address says which company it is.
      const contact = await call('POST', `${account}/contacts`, { name, email, inbox_id: inbox.id })
      const ids = { inbox_id: inbox.id, contact_id: (contact.payload?.contact ?? contact).id }
      const { id } = await call('POST', `${account}/conversations`, ids)
      const message = { content: offers[index % offers.length]!, message_type: 'outgoing' }
      await call('POST', `${account}/conversations/${id}/messages`, message)
    }
  }
  const contact = await call('POST', `${account}/contacts`, {
    name: 'Ada Byron',
    identifier: 'ada',
    inbox_id: inbox.id,
  })
  const conversation = await call('POST', `${account}/conversations`, {
    inbox_id: inbox.id,
    contact_id: (contact.payload?.contact ?? contact).id,
  })
  const messages = `${account}/conversations/${conversation.id}/messages`
  await call('POST', messages, {
    content: 'Good news, Ada: the boots are back in size 39.',
    message_type: 'outgoing',
  })
  await call('POST', messages, {
    content: 'Shall we keep a pair for you?',
    message_type: 'outgoing',
    content_type: 'input_select',
    content_attributes: {
      items: [
        { title: 'Yes, please', value: 'yes' },
        { title: 'No, thank you', value: 'no' },
      ],
    },
  })
  return inbox
}
