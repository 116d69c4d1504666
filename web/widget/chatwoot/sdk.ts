import type { Api } from '../loader/main.ts'
import type { Appearance } from '../protocol.ts'
import { addElements, type Elements } from './elements.ts'
import { checkUser, type User } from './user.ts'

/*
 * Runs in pages with Chatwoot's snippet: it loads the widget, and offers it under the names that Chatwoot has for it, so
 * that such pages need no change.
 */

/** `window.chatwootSettings`, as far as it is used. */
interface Settings {
  hideMessageBubble?: boolean
  position?: 'left' | 'right'
  type?: string
  launcherTitle?: string
  darkMode?: 'light' | 'dark' | 'auto'
  locale?: string
  useBrowserLanguage?: boolean
}

/** What the snippet passes. */
interface Options {
  websiteToken: string
  baseUrl: string
}

type Attributes = Record<string, unknown>

declare global {
  interface Window {
    chatwootSDK?: { run(options: Options): void }
    chatwootSettings?: Settings
    $chatwoot?: object
  }
}

window.chatwootSDK = {
  run(options) {
    // Single-page applications may run it again.
    if (!window.$chatwoot) window.$chatwoot = start(options)
  },
}

/** Removes the slashes at the end of an address. A regular expression would take quadratic time. */
function withoutSlashes(address: string): string {
  let end = address.length
  while (address[end - 1] === '/') end -= 1
  return address.slice(0, end)
}

function start({ websiteToken, baseUrl: address }: Options): object {
  const baseUrl = withoutSlashes(address)
  const settings = window.chatwootSettings ?? {}
  const calls = queue()
  const appearance = appearanceOf(settings)
  const elements = addElements(websiteToken, () => chatwoot.toggle())
  load(widgetAddress(baseUrl), websiteToken)

  const { console } = window
  const cannotRemove = (name: string) => (attribute: string) => {
    if (!attribute) throw new Error('Custom attribute is required')
    console.warn(
      `chatwoot: ${name} has no effect: a visitor can add attributes, but not change or remove them`,
    )
  }
  const chatwoot = {
    baseUrl,
    websiteToken,
    hasLoaded: false,
    isOpen: false,
    hideMessageBubble: settings.hideMessageBubble ?? false,
    position: settings.position ?? 'right',
    type: settings.type ?? 'standard',
    launcherTitle: settings.launcherTitle ?? '',
    darkMode: settings.darkMode,
    locale: settings.useBrowserLanguage ? navigator.language : settings.locale,
    user: undefined as User | undefined,
    identifier: undefined as string | number | undefined,

    toggle(state?: 'open' | 'close') {
      calls((widget) => (state ? widget[state]() : widget.toggle()))
    },
    toggleBubbleVisibility(state: 'show' | 'hide') {
      chatwoot.hideMessageBubble = state === 'hide'
      calls((widget) => widget.showButton(state === 'show'))
    },
    popoutChatWindow() {
      const query = new URLSearchParams({ website_token: websiteToken, locale: chatwoot.locale ?? 'en' })
      window.open(
        `${baseUrl}/widget?${query}`,
        `chatwoot-${websiteToken}`,
        'width=400,height=600,resizable=yes',
      )
    },
    setUser(identifier: string | number, user: User) {
      checkUser(identifier, user)
      chatwoot.identifier = identifier
      chatwoot.user = user
      const { name, email, phone_number, identifier_hash } = user
      const known = { name, email, phone_number, identifier_hash }
      calls((widget) => widget.setUser(String(identifier), known))
    },
    setCustomAttributes(attributes: Attributes = {}) {
      assertFilled(attributes)
      calls((widget) => widget.setCustomAttributes(attributes))
    },
    setLocale(locale: string) {
      chatwoot.locale = locale
      calls((widget) => widget.setLocale(locale.replace('_', '-')))
    },
    reset() {
      chatwoot.user = undefined
      chatwoot.identifier = undefined
      calls((widget) => widget.reset())
    },
    setConversationCustomAttributes(attributes: Attributes = {}) {
      assertFilled(attributes)
      calls((widget) => widget.call('addConversationAttributes', attributes))
    },
    setLabel: (label = '') => calls((widget) => widget.call('changeLabels', { add: [label] })),
    removeLabel: (label = '') => calls((widget) => widget.call('changeLabels', { remove: [label] })),
    deleteCustomAttribute: cannotRemove('deleteCustomAttribute'),
    deleteConversationCustomAttribute: cannotRemove('deleteConversationCustomAttribute'),
    setColorScheme(colorScheme: 'light' | 'dark' | 'auto') {
      chatwoot.darkMode = colorScheme
      appearance.colorScheme = colorScheme === 'auto' ? 'light dark' : colorScheme
      calls((widget) => widget.setAppearance(appearance))
    },
  }

  if (Object.keys(appearance).length > 0) calls((widget) => widget.setAppearance(appearance))
  if (settings.darkMode) chatwoot.setColorScheme(settings.darkMode)
  if (chatwoot.locale) chatwoot.setLocale(chatwoot.locale)
  if (chatwoot.hideMessageBubble) chatwoot.toggleBubbleVisibility('hide')
  calls((widget) => follow(widget, chatwoot, elements))
  return chatwoot
}

function assertFilled(attributes: Attributes): void {
  if (Object.keys(attributes ?? {}).length === 0)
    throw new Error('Custom attributes should have atleast one key')
}

/** What of the widget's appearance these settings say, apart from its colours. */
function appearanceOf({ position, type, launcherTitle }: Settings): Appearance {
  const label = launcherTitle || 'Chat with us'
  return { ...(position && { position }), ...(type === 'expanded_bubble' && { label }) }
}

/** Translates the events of the widget. */
function follow(widget: Api, chatwoot: { hasLoaded: boolean; isOpen: boolean }, elements: Elements): void {
  // Sent first when the frame has loaded, again after a reset.
  widget.on('unread', () => {
    elements.name()
    if (chatwoot.hasLoaded) return
    chatwoot.hasLoaded = true
    dispatch('chatwoot:ready')
  })
  const show = (isOpen: boolean) => {
    chatwoot.isOpen = isOpen
    elements.show(isOpen)
    dispatch(isOpen ? 'chatwoot:opened' : 'chatwoot:closed')
  }
  widget.on('open', () => show(true))
  widget.on('close', () => show(false))
  widget.on('message', ({ sender, ...message }) => {
    const from = sender && { ...sender, available_name: sender.name, type: 'user' }
    dispatch('chatwoot:on-message', { ...message, message_type: 1, private: false, sender: from })
  })
  widget.on('error', ({ message }) => dispatch('chatwoot:error', { message }))
}

function dispatch(name: string, detail?: object): void {
  window.dispatchEvent(new CustomEvent(name, { detail }))
}

/** Returns a function that calls the widget, as soon as it has loaded. */
function queue(): (use: (widget: Api) => void) => void {
  const page = window as { ndoto?: Api | ((widget: Api) => void)[] }
  page.ndoto ??= []
  return (use) => void page.ndoto!.push(use as never)
}

/** The address of the widget: next to the API of Chatwoot, or below a path of a host that has nothing else. */
function widgetAddress(baseUrl: string): string {
  const path = '/chatwoot'
  return baseUrl.endsWith(path) ? `${baseUrl.slice(0, -path.length)}/widget.js` : `${baseUrl}/ndoto/widget.js`
}

function load(address: string, inbox: string): void {
  const script = document.createElement('script')
  script.src = address
  script.async = true
  script.dataset.inbox = inbox
  document.head.append(script)
}
