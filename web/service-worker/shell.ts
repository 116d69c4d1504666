import { settings } from './settings.ts'
import { worker } from './worker.ts'

/*
 * Stores the files of the dashboard, whose names contain hashes, and nothing else: the responses of the API are private,
 * and do not come through here. The page is part of this program and always of the same build as the stored files.
 */

const prefix = 'shell-'
const ownCache = prefix + settings.version
// The files of the build before stay, for windows that were opened with it and still have parts to load.
const cachesKept = 2
const assets = '/assets/'

/** Stores the files. If one is missing, the server has been updated meanwhile, and the browser tries again later. */
export async function installShell(): Promise<void> {
  const cache = await caches.open(ownCache)
  await cache.addAll(settings.assets)
}

/** Removes the files of earlier builds. */
export async function activateShell(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== ownCache)
  const old = names.slice(0, Math.max(0, names.length - (cachesKept - 1)))
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** Lets requests that do not concern this program pass by it, in browsers that can: it need not be started for them. */
export async function passOthers(event: ExtendableEvent): Promise<void> {
  const own = { or: [{ requestMode: 'navigate' }, { urlPattern: { pathname: `${assets}*` } }] }
  const { addRoutes } = event as { addRoutes?(rules: object[]): Promise<void> }
  await addRoutes?.call(event, [{ condition: { not: own }, source: 'network' }]).catch(() => {})
}

/** Responds to a request if it is for the dashboard. */
export function respond(event: FetchEvent): void {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(fetchPage(event))
  } else if (pathname.startsWith(assets)) {
    event.respondWith(findAsset(request))
  }
}

function isPage(pathname: string): boolean {
  return settings.paths.some((path) =>
    path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path,
  )
}

/** The page of the server, which is always the newest one. The one that is stored here is for when it cannot be reached. */
async function fetchPage({ request, preloadResponse }: FetchEvent): Promise<Response> {
  try {
    return ((await preloadResponse) as Response | undefined) ?? (await fetch(request))
  } catch {
    return new Response(settings.page, { headers: settings.headers })
  }
}

async function findAsset(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? (await fetch(request))
}
