import { computed, signal } from '@preact/signals'

/** The current path and query, without the part after the #, which holds the secrets of links. */
export const address = signal(here())

function here(): string {
  return location.pathname + location.search
}

/** The path, and the query. */
export const path = computed(() => address.value.split('?')[0]!)
export const query = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''))

/** The id of the open conversation. */
export const openConversation = computed(() => {
  const [, id] = /^\/conversations\/([1-9]\d{0,14})$/.exec(path.value) ?? []
  return id === undefined ? undefined : Number(id)
})

/** Whether the list of conversations is on the page. */
export const isWorkspace = computed(() => path.value === '/' || openConversation.value !== undefined)

/** Whether the page of contacts is open. */
export const isContacts = computed(() => /^\/contacts(?:\/|$)/.test(path.value))

/** The id of the open contact, or the name of another part of the page of contacts. */
export const openContact = computed(() => {
  const [, item] = /^\/contacts\/([1-9]\d{0,14}|new|import)$/.exec(path.value) ?? []
  return item === undefined || item === 'new' || item === 'import' ? item : Number(item)
})

/** Whether the page of companies is open. */
export const isCompanies = computed(() => /^\/companies(?:\/|$)/.test(path.value))

/** The id of the open company, or `new`. */
export const openCompany = computed(() => {
  const [, item] = /^\/companies\/([1-9]\d{0,14}|new)$/.exec(path.value) ?? []
  return item === undefined || item === 'new' ? item : Number(item)
})

/** Whether the dashboard has a page at the current path. A page of the settings decides about the rest of its path. */
export const isPage = computed(
  () =>
    openConversation.value !== undefined ||
    openContact.value !== undefined ||
    openCompany.value !== undefined ||
    /^\/(?:conversations\/?|contacts\/?|companies\/?)?$|^\/settings(?:\/|$)/.test(path.value),
)

/** The open page of the settings and its item: `/settings/inboxes/3`. */
export const openSettings = computed(() => {
  const [, page = '', item] = /^\/settings(?:\/([a-z-]+)(?:\/([a-z0-9]+))?)?\/?$/.exec(path.value) ?? []
  return { page, item }
})

/** The id of the message that the URL names. */
export const wantedMessage = computed(() => {
  const id = query.value.get('message') ?? ''
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined
})

/** Goes to an address of the dashboard; with `replace`, the back button skips the current one. */
export function go(to: string, { replace = false } = {}): void {
  if (to === address.value) return
  if (replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  address.value = here()
}

addEventListener('popstate', () => {
  address.value = here()
})

/** Opens links within the dashboard without loading the page; a click handler of the document. */
export function followLinks(event: MouseEvent): void {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  const link = (event.target as Element).closest('a')
  if (!link || !isPlain || event.defaultPrevented || link.target !== '' || link.hasAttribute('download'))
    return
  if (link.origin !== location.origin || link.dataset.outside !== undefined) return
  event.preventDefault()
  go(link.pathname + link.search)
}
