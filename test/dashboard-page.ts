import type { TestApp } from './app.ts'

/**
 * Defines the globals of a browser that the data modules of the dashboard use: with storage, but without IndexedDB. Requests
 * go to a real server, with the administrator's token. Call it before the modules are imported. Returns what a test can
 * control.
 */
export function openDashboardPage({ app, token }: TestApp) {
  const stored = new Map<string, string>()
  const page = new EventTarget()
  const { fetch } = globalThis
  const network = { isDown: false, losesAnswers: false, token, calls: [] as string[] }
  const localStorage = {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  }
  const location = { pathname: '/', search: '', hash: '', origin: app.url, href: app.url }
  const goTo = (_state: unknown, _title: string, to: string) => {
    const { pathname, search } = new URL(to, app.url)
    Object.assign(location, { pathname, search })
  }
  const fetchFromServer: typeof fetch = async (url, init = {}) => {
    // Requests of the test itself.
    if (!String(url).startsWith('/')) return fetch(url, init)
    network.calls.push(`${init.method ?? 'GET'} ${url}`)
    const lost = new TypeError('Failed to fetch')
    if (network.isDown) throw lost
    const headers = { ...init.headers, api_access_token: network.token }
    const response = await fetch(app.url + url, { ...init, headers })
    if (network.losesAnswers) throw lost
    return response
  }
  const globals = {
    localStorage,
    location,
    history: { pushState: goTo, replaceState: goTo },
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    dispatchEvent: page.dispatchEvent.bind(page),
    IDBKeyRange: { bound() {} },
    indexedDB: {
      open() {
        throw new Error('this browser has no database')
      },
    },
    fetch: fetchFromServer,
  }
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  return { network, stored, dispatchEvent: globals.dispatchEvent }
}
