import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { browserName } from '../browser-name.ts'
import type { Visit as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { locale } from '../language.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { Fact } from './attributes.tsx'

const t = strings.visit

/** Where the contact of a conversation is, kept up to date while they move. */
export function Visit({ contact, inbox }: { contact: number; inbox: number }) {
  const visit = useSignal<Shape | undefined>(undefined)
  useEffect(() => {
    let last = 0
    const load = async () => {
      const own = ++last
      const found = await call<{ payload: Shape[] }>(`${accountPath()}/contacts/${contact}/visits`).catch(
        () => undefined,
      )
      // A later response may have come first.
      if (found && own === last) visit.value = found.payload.find(({ inbox_id }) => inbox_id === inbox)
    }
    void load()
    return hear({
      visit({ contact_id }) {
        if (contact_id === contact) void load()
      },
      connected: () => void load(),
    })
  }, [contact, inbox])
  if (!visit.value) return null
  const { page_url, page_title, referrer_url, language, user_agent, seen_at } = visit.value
  return (
    <section class="card" aria-labelledby="visit">
      <h3 id="visit">{t.title}</h3>
      <dl class="facts">
        {page_url && <Fact name={t.page} value={<PageLink url={page_url} title={page_title} />} />}
        {referrer_url && <Fact name={t.referrer} value={<PageLink url={referrer_url} title={null} />} />}
        {language && <Fact name={t.language} value={languageName(language)} />}
        {user_agent && (
          <Fact name={t.browser} value={<bdi title={user_agent}>{browserName(user_agent)}</bdi>} />
        )}
        <Fact name={t.seen} value={<time>{wholeTime(seen_at)}</time>} />
      </dl>
    </section>
  )
}

const longest = 80

/** A link to a page whose address a stranger has sent. The server accepts http and https only. */
function PageLink({ url, title }: { url: string; title: string | null }) {
  const address = url.replace(/^https?:\/\//, '')
  const shown = address.length > longest ? `${address.slice(0, longest)}…` : address
  return (
    <>
      {title && (
        <>
          <bdi>{title}</bdi>
          <br />
        </>
      )}
      <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
        <bdi>{shown}</bdi>
      </a>
    </>
  )
}

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    // Not a tag of a language.
    return tag
  }
}
