import type { Calls, Happening, ToFrame, ToPage } from '../../protocol.ts'
import { settings } from './settings.ts'
import { ownStorage } from './storage.ts'

/** The origin of the website once it has spoken; `null` where it has none (a page that was opened as a file). */
let website: string | undefined

type Message<Type extends ToFrame['type']> = Extract<ToFrame, { type: Type }>
type Answers = { [Name in keyof Calls]: (...args: Calls[Name]) => void }

const waiting: ToFrame[] = []
let take = (message: ToFrame): void => {
  waiting.push(message)
}

/** How the page of the website is. Nothing runs before it is known: outside of an allowed page, nothing ever does. */
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

/** Says something to the website; before it has spoken only that the frame is there, which is no secret. */
export function tell(message: ToPage): void {
  const target = website === undefined || website === 'null' ? '*' : website
  if (website !== undefined || message.type === 'ready') parent.postMessage({ ndoto: message }, target)
}

/** Tells those of the website who asked to be. */
export function tellOf<Name extends keyof Happening>(name: Name, detail: Happening[Name]): void {
  tell({ type: 'event', name, detail } as ToPage)
}

const hearingKept: ((name: string, text: string | undefined) => void)[] = []

/** Calls back when another tab has changed what the website keeps for the frame. */
export function whenKept(callback: (name: string, text: string | undefined) => void): void {
  hearingKept.push(callback)
}

/** Answers the website from now on, and what it has asked before. */
export function hearWebsite(onPage: (page: Message<'page'>) => void, answers: Answers): void {
  take = (message) => {
    if (message.type === 'page') onPage(message)
    else if (message.type === 'kept') for (const callback of hearingKept) callback(message.name, message.text)
    else if (Object.hasOwn(answers, message.name)) {
      const answer = answers[message.name] as (...args: unknown[]) => void
      answer(...message.args)
    }
  }
  for (const message of waiting.splice(0)) take(message)
}

/** As the server has it for `frame-ancestors`, which is what keeps other pages out. */
function isAllowed(origin: string): boolean {
  return settings.origins.some((one) => {
    if (one === 'file:') return origin === 'null' || origin === 'file://'
    const [before, after] = one.split('*.')
    if (after === undefined) return origin === one
    return origin.startsWith(before!) && origin.endsWith(`.${after}`)
  })
}
