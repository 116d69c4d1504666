import { type Static, Type } from 'typebox'
import { id, named, nullable, seconds } from '../../lib/schema.ts'

/** Where a contact was last seen. The browser of the contact says all of it, so none of it is proven. */
export const Visit = named(
  'Visit',
  Type.Object({
    inbox_id: id(),
    page_url: nullable(Type.String({ description: 'The page, without query and fragment.' })),
    page_title: nullable(Type.String()),
    referrer_url: nullable(
      Type.String({ description: 'The page of another website from which they came, without query.' }),
    ),
    language: nullable(Type.String({ description: 'The first language of the browser, such as `de-AT`.' })),
    user_agent: nullable(Type.String({ description: 'The `User-Agent` of the browser.' })),
    seen_at: seconds(),
  }),
)
export type Visit = Static<typeof Visit>

export const maxUrl = 2048

const url = (description: string) => Type.Optional(nullable(Type.String({ maxLength: maxUrl, description })))

export const NewVisit = Type.Object({
  page_url: url('The address of the page. Only the part before `?` and `#` is stored.'),
  page_title: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  referrer_url: url(
    'The page of another website from which they came. Left out or null, the previous one is kept.',
  ),
})
export type NewVisit = Static<typeof NewVisit>

/** The page on which a visitor opened the chat. It is sent to webhooks, and not stored. */
export const NewOpening = Type.Object({
  page_url: url('The address of the page. Webhooks get only the part before `?` and `#`.'),
  page_title: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  referrer_url: url(
    'The page of another website from which they came. Webhooks get only the part before `?` and `#`.',
  ),
})
