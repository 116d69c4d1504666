import type { Appearance, Calls, Happening, LateCalls, ToFrame, ToPage } from '../protocol.ts'
import { isPhone, styleFrame } from './frame-style.ts'
import { keep, storedUnder, wipe } from './page-storage.ts'

/*
 * Runs in other people's pages. It adds a frame and exchanges messages with it. The page may freeze or replace built-in
 * objects: this script uses few of them, and takes those that it needs later when it starts.
 */

type Listener<Name extends keyof Happening> = (detail: Happening[Name]) => void

/** `window.ndoto`. */
export interface Api {
  open(): void
  close(): void
  toggle(): void
  /** Shows or hides the button while the panel is closed, for pages with a button of their own. */
  showButton(isShown: boolean): void
  setUser(...args: Calls['setUser']): void
  setLocale(...args: Calls['setLocale']): void
  /** Sets what the widget looks like on this page, in place of what was set before. */
  setAppearance(appearance: Appearance): void
  setCustomAttributes(...args: Calls['setCustomAttributes']): void
  /** Makes a late call, for the scripts of this server that know them. */
  call<Name extends keyof LateCalls>(name: Name, ...args: LateCalls[Name]): void
  /** Forgets the visitor: to be called when they log out. */
  reset(): void
  /** Adds a listener of an event; returns a function that removes it. */
  on<Name extends keyof Happening>(name: Name, listener: Listener<Name>): () => void
  /** Calls `use` with this object at once. Before the script has loaded, an array collects the calls. */
  push(use: (ndoto: Api) => void): void
}

const script = (document.currentScript ??
  document.querySelector('script[data-inbox]')) as HTMLScriptElement | null
// This may be something unrelated, such as an element with this id.
const before = (window as { ndoto?: unknown }).ndoto
const isRunning = typeof (before as Partial<Api> | undefined)?.toggle === 'function'
const inbox = script?.dataset.inbox

// Only once: single-page applications may run the script again.
if (script && inbox && !isRunning) {
  const api = start(script, inbox)
  Object.defineProperty(window, 'ndoto', { value: api, configurable: true, writable: true })
  if (Array.isArray(before)) for (let at = 0; at < before.length; at++) api.push(before[at])
}

function start(script: HTMLScriptElement, inbox: string): Api {
  const page = new URL(`widget/${encodeURIComponent(inbox)}`, script.src)
  const { console } = window
  const listeners = new Set<{ name: string; listener: (detail: never) => void }>()
  let waiting: ToFrame[] = []
  let isReady = false
  let borrows = false
  let frame: HTMLIFrameElement
  let appearance: Appearance = {}
  let locale = document.documentElement.lang || navigator.language
  const narrow = isPhone()

  const send = (message: ToFrame) => frame.contentWindow?.postMessage({ ndoto: message }, page.origin)
  const prefix = `ndoto.${inbox}.`
  const withoutQuery = (address: string) => address.replace(/[?#].*/, '')
  let described: string
  const describePage = () => {
    described = location.href + document.title
    const visit = {
      page_url: withoutQuery(location.href),
      page_title: document.title,
      referrer_url: withoutQuery(document.referrer),
    }
    const kept = borrows ? storedUnder(prefix) : undefined
    send({ type: 'page', isPhone: narrow.matches, locale, kept, visit, appearance })
  }

  function call<Name extends keyof (Calls & LateCalls)>(name: Name, ...args: (Calls & LateCalls)[Name]) {
    const message = { type: 'call', name, args } as ToFrame
    // By index, here and below: some pages replace the methods of arrays.
    waiting[waiting.length] = message
    if (isReady) sendWaiting()
  }

  function sendWaiting() {
    const calls = waiting
    waiting = []
    for (let at = 0; at < calls.length; at++) {
      const one = calls[at]!
      // Calls after a reset are for the next frame.
      if (isReady) send(one)
      else waiting[waiting.length] = one
      if (one.type === 'call' && one.name === 'reset') isReady = false
    }
  }

  function open() {
    isReady = false
    frame = document.createElement('iframe')
    frame.src = page.href
    frame.title = ''
    // Everything but navigating the page.
    frame.setAttribute(
      'sandbox',
      'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads',
    )
    frame.allow = 'autoplay'
    styleFrame(frame, undefined, 'right', false)
    // Not in the body, which may be replaced, moved or transformed.
    document.documentElement.append(frame)
  }

  let shown: Extract<ToPage, { type: 'shape' }> | undefined
  let showsButton = true
  const styleFrameAgain = () => {
    if (!shown) return
    const { shape, position, width } = shown
    const visible = shape === 'button' && !showsButton ? undefined : shape
    styleFrame(frame, visible, position, narrow.matches, width, appearance.colorScheme)
  }

  function hear(message: ToPage) {
    if (message.type === 'ready') {
      borrows = message.borrows
      describePage()
      isReady = true
      sendWaiting()
    } else if (message.type === 'shape') {
      shown = message
      frame.title = message.label
      styleFrameAgain()
    } else if (message.type === 'event') {
      emit(message.name, message.detail)
    } else if (message.type === 'keep') {
      keep(message.area, prefix + message.name, message.text)
    } else if (message.type === 'wiped') {
      wipe(prefix)
      frame.remove()
      shown = undefined
      open()
    } else if (message.type === 'warning') {
      console.warn(`ndoto: ${message.text}`)
      emit('error', { message: message.text })
    }
  }

  function emit<Name extends keyof Happening>(name: Name, detail: Happening[Name]) {
    listeners.forEach((one) => {
      if (one.name === name) attempt(() => one.listener(detail as never))
    })
  }

  function attempt(action: () => void) {
    try {
      action()
    } catch (error) {
      console.error(error)
    }
  }

  addEventListener('message', ({ source, origin, data }) => {
    if (source && source === frame.contentWindow && origin === page.origin && data?.ndoto) hear(data.ndoto)
  })
  addEventListener('storage', ({ key, newValue, storageArea }) => {
    if (!borrows || storageArea === window.sessionStorage || !key?.startsWith(prefix)) return
    send({ type: 'kept', name: key.slice(prefix.length), text: newValue ?? undefined })
  })
  narrow.addEventListener('change', () => {
    describePage()
    styleFrameAgain()
  })
  // No event says that a page has changed its address without a reload, and its methods are not ours to replace.
  setInterval(() => {
    if (isReady && described !== location.href + document.title) describePage()
  }, 1000)
  open()

  return {
    call,
    open: () => call('open'),
    close: () => call('close'),
    toggle: () => call('toggle'),
    showButton(isShown) {
      showsButton = isShown
      styleFrameAgain()
    },
    setUser: (identifier, user = {}) => call('setUser', String(identifier), user),
    setLocale(wanted) {
      locale = wanted
      call('setLocale', wanted)
    },
    setAppearance(wanted) {
      appearance = wanted
      if (isReady) describePage()
      styleFrameAgain()
    },
    setCustomAttributes: (attributes) => call('setCustomAttributes', attributes),
    reset: () => call('reset'),
    on(name, listener) {
      const entry = { name, listener }
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
    push(use) {
      attempt(() => use(this))
    },
  }
}
