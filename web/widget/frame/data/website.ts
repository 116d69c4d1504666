import type { Calls, Happening, ToFrame, ToPage } from '../../protocol.ts'
import { settings } from './settings.ts'
import { ownStorage } from './storage.ts'

/** The origin of the website, known from its first message; `null` for a page that was opened as a file. */
let website: string | undefined

type Message<Type extends ToFrame['type']> = Extract<ToFrame, { type: Type }>
type Handlers = { [Name in keyof Calls]: (...args: Calls[Name]) => void }

/** Messages that nothing handles yet. */
export const waiting: ToFrame[] = []
export let take = (message: ToFrame): void => {
  waiting.push(message)
}

/** Describes the page of the website. Nothing runs before it has arrived, so nothing runs outside an allowed page. */
export const page = await new Promise<Message<'page'>>((resolve) => {
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || source === window || !isAllowed(origin) || !data?.ndoto) return
    website = origin
    const message = data.ndoto as ToFrame
    if (message.type === 'page') resolve(message)
    take(message)
  })
  tell({ type: 'ready', borrows: ownStorage === undefined })
})

/** Sends a message to the website. Before the website has sent one, only `ready` is sent, which is no secret. */
export function tell(message: ToPage): void {
  const target = website === undefined || website === 'null' ? '*' : website
  if (website !== undefined || message.type === 'ready') parent.postMessage({ ndoto: message }, target)
}

/** Emits an event of the JavaScript API. */
export function tellOf<Name extends keyof Happening>(name: Name, detail: Happening[Name]): void {
  tell({ type: 'event', name, detail } as ToPage)
}

const storageCallbacks: ((name: string, text: string | undefined) => void)[] = []

/** Calls back when another tab has changed what the website stores for the frame. */
export function whenPageStorageChanged(callback: (name: string, text: string | undefined) => void): void {
  storageCallbacks.push(callback)
}

/** Handles the messages of the website, including those that have arrived before. */
export function handleWebsite(onPage: (page: Message<'page'>) => void, handlers: Handlers): void {
  take = (message) => {
    if (message.type === 'page') onPage(message)
    else if (message.type === 'kept')
      for (const callback of storageCallbacks) callback(message.name, message.text)
    else if (Object.hasOwn(handlers, message.name)) {
      const handler = handlers[message.name as keyof Calls] as (...args: unknown[]) => void
      handler(...message.args)
    } else waiting.push(message)
  }
  for (const message of waiting.splice(0)) take(message)
}

/** The same rule as `frame-ancestors`, which is what really keeps other pages out. */
function isAllowed(origin: string): boolean {
  if (origin === location.origin) return true
  return settings.origins.some((one) => {
    if (one === 'file:') return origin === 'null' || origin === 'file://'
    const [before, after] = one.split('*.')
    if (after === undefined) return origin === one
    return origin.startsWith(before!) && origin.endsWith(`.${after}`)
  })
}
