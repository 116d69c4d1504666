interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

const url = '/service-worker.js'

/**
 * Registers the program that opens the dashboard without a network and receives push messages, once the page has loaded.
 * Browsers have it only with https, and on the same machine.
 */
export function registerServiceWorker(): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  if (!serviceWorker) return
  // The one policy that the content security policy of the page allows. It has one result, and cannot be made again.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('service-worker', { createScriptURL: () => url })
  addEventListener('load', () => {
    // A browser may refuse it, for example in a private window: everything else works without.
    serviceWorker.register(policy?.createScriptURL(url) ?? url).catch(() => {})
  })
}
