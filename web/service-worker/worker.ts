/** The global scope of this program. */
export const worker = globalThis as unknown as ServiceWorkerGlobalScope
