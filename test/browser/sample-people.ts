import type { ApiResponse, TestApp } from '../app.ts'
import { addMailInbox } from '../mails.ts'

/* Companies, who works there, and a mail of one of them, to be looked at. */

const companies: { name: string; domain: string; description?: string; people: string[] }[] = [
  { name: 'Alder Books', domain: 'alder-books.example', people: ['Iris Falk', 'Oskar Lind'] },
  {
    ...{
      name: 'Bluebird Hotels',
      domain: 'bluebird.example',
      people: ['Anna Berg', 'Emil Holm', 'Rosa Marín'],
    },
    description: 'Eleven houses, one invoice. Delivers to the back door only.',
  },
  { name: 'Cedar & Sons', domain: 'cedar-sons.example', people: ['Samuel Cedar'] },
  { name: 'Ember Studio', domain: 'ember-studio.example', people: ['Yara Haddad', 'Tom Quill'] },
  {
    name: 'Fjord Outdoor',
    domain: 'fjord-outdoor.example',
    people: ['Liv Aas', 'Knut Vik', 'Siri Moe', 'Jon Lie'],
  },
  { name: 'Granite Works', domain: 'granite.example', people: [] },
  { name: 'Linden Schools', domain: 'linden-schools.example', people: ['Maria Costa', 'Ben Okoye'] },
  { name: 'Maple Office', domain: 'maple-office.example', people: ['Hana Mori', 'Luca Conti'] },
  { name: 'Nimbus Air', domain: 'nimbus.example', people: ['Zoë Peters'] },
  { name: 'Northgate Stores', domain: 'northgate.example', people: ['Lena Fuchs'] },
  { name: 'Olive Trading', domain: 'olive-trading.example', people: ['Nikos Vlahos', 'Eleni Roussou'] },
  { name: 'Vesper Theatres', domain: 'vesper.example', people: ['Paul Wren'] },
]

/** A file of contacts as another program saves it. One line of it has a fault. */
export const contactFile = [
  'Full name;E-mail;Telephone;Organization;Newsletter',
  'Paula Weiss;paula@granite.example;+4930555010;Granite Works;yes',
  'Jakob Stern;jakob@granite.example;;Granite Works;no',
  'Mina Park;mina@northgate;+4930555012;Northgate Stores;yes',
  ...Array.from(
    { length: 37 },
    (_, at) => `Guest ${at + 1};guest${at + 1}@bluebird.example;;Bluebird Hotels;no`,
  ),
].join('\n')

/** The second entry of a customer of the sample. */
export const duplicate = 'Sofia L.'

const relay = 'mx.lumen.example'
const text = `Hello,

thank you for the offer. Forty lamps is right, in brass if you have them. Two questions:

- Can they be here by the 14th?
- Does the price include the bulbs?

Kind regards,

--${' '}
Anna Berg
Bluebird Hotels`

/** Adds them to an account. Returns the id of the conversation of the mail, and of the company that has written it. */
export async function addPeople(test: TestApp): Promise<{ mail: number; company: number }> {
  const post = async (path: string, body: object): Promise<ApiResponse['body']> => {
    const { status, body: created } = await test.api(path, { method: 'POST', body })
    if (status >= 300) throw new Error(`${path}: ${JSON.stringify(created)}`)
    return created
  }
  const ids = new Map<string, number>()
  for (const { people, ...company } of companies) {
    ids.set(company.name, (await post('/companies', company)).id)
    for (const name of people) {
      const email = `${name.split(' ')[0]!.toLowerCase()}@${company.domain}`
      await post('/contacts', { name, email })
    }
  }
  const old = { phone_number: '+46701234500', custom_attributes: { plan: 'Start', city: 'Malmö' } }
  await post('/contacts', { name: duplicate, email: 'sofia.l@example.org', ...old })
  const inbox = await addMailInbox(test, { email: 'office@lumen.example', trusted_relay: relay })
  const { conversation_id } = await inbox.receive({
    ...{ from: 'Anna Berg <anna@bluebird.example>', to: 'Lumen <office@lumen.example>', text },
    headers: {
      Cc: 'Emil Holm <emil@bluebird.example>',
      'Authentication-Results': `${relay}; dmarc=pass header.from=bluebird.example; dkim=pass header.d=bluebird.example`,
    },
    subject: 'Forty lamps for the new house',
  })
  await post(`/conversations/${conversation_id}/assignments`, { assignee_id: 1 })
  return { mail: conversation_id, company: ids.get('Bluebird Hotels')! }
}
