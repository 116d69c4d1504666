import { signal } from '@preact/signals'

/** False if the browser knows that it has no network. True says little: the server may still be out of reach. */
export const hasNetwork = signal(navigator.onLine)

addEventListener('online', () => {
  hasNetwork.value = true
})
addEventListener('offline', () => {
  hasNetwork.value = false
})
