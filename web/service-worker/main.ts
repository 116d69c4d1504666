import { open, receive, renew } from './push.ts'
import { activateShell, installShell, passOthers, respond } from './shell.ts'
import { worker } from './worker.ts'

worker.addEventListener('install', (event) => {
  // Every version works with the pages of every other one, so none has to wait until all windows are closed.
  event.waitUntil(Promise.all([installShell(), passOthers(event)]).then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([activateShell(), worker.registration.navigationPreload?.enable()]))
})

worker.addEventListener('fetch', respond)

worker.addEventListener('push', (event) => event.waitUntil(receive(event)))

worker.addEventListener('notificationclick', (event) => event.waitUntil(open(event)))

worker.addEventListener('pushsubscriptionchange', (event) => {
  ;(event as ExtendableEvent).waitUntil(renew(event))
})
