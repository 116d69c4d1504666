import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { followAvailability } from './data/availability.ts'
import { callHandlers } from './data/call-handlers.ts'
import { follow } from './data/live.ts'
import { followOutbox } from './data/outbox.ts'
import { appearance, isOpen, isPhone } from './data/page-state.ts'
import { settings } from './data/settings.ts'
import { play } from './data/sound.ts'
import { unread } from './data/thread.ts'
import { followTabs } from './data/visitor.ts'
import { handleWebsite, page, tellOf } from './data/website.ts'
import { direction, language, setLocale } from './strings.ts'
import { paint } from './style/paint.ts'

// Before anything is shown: otherwise it would be in English for a moment.
await setLocale(page.locale)
handleWebsite((page) => {
  isPhone.value = page.isPhone
  void setLocale(page.locale)
  const wasOpen = isOpen.value
  import('./on-demand/later.ts').then(({ takePage }) => takePage(page, wasOpen)).catch(() => {})
  appearance.value = { ...settings, ...page.appearance }
}, callHandlers)

const root = document.documentElement
paint(root, settings.color)
effect(() => {
  root.lang = language.value
  root.dir = direction.value
  root.toggleAttribute('data-phone', isPhone.value)
  root.dataset.position = appearance.value.position
  root.style.colorScheme = appearance.value.colorScheme!
})
effect(() => tellOf('unread', unread.value))
followTabs()
followAvailability()
followOutbox()
follow(({ id, conversation_id, content, content_type, created_at, sender }) => {
  play()
  const from = sender && { name: sender.name, avatar_url: sender.avatar_url }
  tellOf('message', { id, conversation_id, content, content_type, created_at, sender: from })
})
render(<App />, document.querySelector('#app')!)
