/*
 * Runs in `/widget`, the chat as a page of its own, after sdk.js: for a window that pops out, and for apps that show it in a
 * WebView, to which it speaks as Chatwoot does.
 */

/** What the SDK offers, as far as it is used here. */
interface Chatwoot {
  toggle(state: 'open' | 'close'): void
  setUser(identifier: string, user: object): void
  setCustomAttributes(attributes: object): void
  setConversationCustomAttributes(attributes: object): void
  setLabel(label: string): void
  removeLabel(label: string): void
  setLocale(locale: string): void
  setColorScheme(scheme: string): void
}

/** A message of the app. */
interface Command {
  event: string
  identifier: string
  user: object
  customAttributes: object
  label: string
  locale: string
  darkMode: string
}

const prefix = 'chatwoot-widget:'
const query = new URLSearchParams(location.search)
const websiteToken = query.get('website_token') ?? ''
const page = window as {
  chatwootSDK?: { run(options: object): void }
  $chatwoot?: Chatwoot
  chatwootSettings?: object
  ReactNativeWebView?: { postMessage(text: string): void }
}

function tell(message: object): void {
  page.ReactNativeWebView?.postMessage(prefix + JSON.stringify(message))
}

function obey(
  chatwoot: Chatwoot,
  { event, identifier, user, customAttributes, label, locale, darkMode }: Command,
): void {
  if (event === 'set-user') chatwoot.setUser(identifier, user)
  else if (event === 'set-custom-attributes') chatwoot.setCustomAttributes(customAttributes)
  else if (event === 'set-conversation-custom-attributes')
    chatwoot.setConversationCustomAttributes(customAttributes)
  else if (event === 'set-label') chatwoot.setLabel(label)
  else if (event === 'remove-label') chatwoot.removeLabel(label)
  else if (event === 'set-locale') chatwoot.setLocale(locale)
  else if (event === 'set-color-scheme') chatwoot.setColorScheme(darkMode)
}

page.chatwootSettings = { locale: query.get('locale') ?? undefined, hideMessageBubble: true }
const baseUrl = location.origin + location.pathname.replace(/\/widget\/?$/, '')
page.chatwootSDK!.run({ websiteToken, baseUrl })
const chatwoot = page.$chatwoot!
addEventListener('chatwoot:ready', () => {
  chatwoot.toggle('open')
  tell({ event: 'loaded', config: { authToken: '', channelConfig: { websiteToken } } })
})
addEventListener('chatwoot:closed', () => tell({ type: 'close-widget' }))
addEventListener('message', ({ origin, data }) => {
  // Apps run a script in this page. The frame of the widget sends objects.
  if (origin === location.origin && typeof data === 'string' && data.startsWith(prefix))
    obey(chatwoot, JSON.parse(data.slice(prefix.length)))
})
