import { effect, signal } from '@preact/signals'
import type { Visit } from '../../protocol.ts'
import { isVisible } from '../data/page-state.ts'
import { callOwn, visitor } from '../data/visitor.ts'
import { keep, read } from '../data/visitor-storage.ts'

// Milliseconds between two reports of a page that changes without a reload.
const often = 10_000
const place = signal('')

/** Takes the page that the visitor is on. Agents do not learn of it before the visitor has written. */
export function takeVisit(visit: Visit): void {
  // A page that was opened as a file has an address that concerns nobody.
  if (!/^https?:/.test(visit.page_url)) return
  const { origin } = new URL(visit.page_url)
  const isInside = !visit.referrer_url || visit.referrer_url.startsWith(origin)
  // The first page of a visit knows where they came from; they may write on a later one.
  if (!isInside) keep('referrer', visit.referrer_url, 'session')
  place.value = JSON.stringify({
    page_url: visit.page_url,
    page_title: visit.page_title.slice(0, 255),
    referrer_url: read('referrer', 'session') ?? null,
  })
}

/** The page that the visitor is on, as it is reported; undefined if none is. */
export function currentVisit(): object | undefined {
  const text = place.peek()
  return text ? JSON.parse(text) : undefined
}

// Reports to the agents where the visitor is, while the tab is visible.
let sentAt = 0
effect(() => {
  const text = place.value
  if (!text || !visitor.value || !isVisible.value) return
  const send = () => {
    sentAt = Date.now()
    callOwn('/visits', { method: 'POST', body: JSON.parse(text) }).catch(() => {})
  }
  const timer = setTimeout(send, Math.max(0, sentAt + often - Date.now()))
  return () => clearTimeout(timer)
})
