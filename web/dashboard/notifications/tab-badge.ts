import { effect } from '@preact/signals'
import { isSessionOver } from '../data/session-end.ts'
import { pageTitle } from '../page-title.ts'
import { strings } from '../strings.ts'
import { waiting } from './unread.ts'

const most = 99

/** Shows the number of conversations that wait in the title of the tab, and on its icon. */
export function followTabBadge(): () => void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')!
  const { href } = link
  const stop = effect(() => {
    const count = isSessionOver.value ? 0 : waiting.value.size
    const title = isSessionOver.value ? strings.productName : pageTitle.value
    document.title = count === 0 ? title : `(${count > most ? `${most}+` : count}) ${title}`
    link.href = count === 0 ? href : iconWith(count > 9 ? '9+' : String(count))
  })
  return () => {
    stop()
    document.title = pageTitle.value
    link.href = href
  }
}

// The icon of the dashboard with a round hole, in which the badge is: it needs no border in the colour of the tab strip.
function iconWith(text: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<mask id="m"><path d="M0 0h32v32H0z" fill="#fff"/><circle cx="21" cy="21" r="12.5" fill="#000"/></mask>
<path mask="url(#m)" d="M7 3h18a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5h-9l-7 6v-6H7a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z" fill="#2b5fd9"/>
<circle cx="21" cy="21" r="11" fill="#d92d20"/>
<text x="21" y="27" font-family="system-ui,sans-serif" font-size="${text.length > 1 ? 14 : 17}" font-weight="700" text-anchor="middle" fill="#fff">${text}</text>
</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
