/** What the server writes in front of the program (src/features/dashboard/service-worker.ts). */
export interface WorkerSettings {
  /** Of all that is below; it names the cache. */
  version: string
  /** The page of the dashboard, which has nothing of anybody, and its headers. */
  page: string
  headers: Record<string, string>
  /** The paths of the page. Those that end with `*` are beginnings. */
  paths: string[]
  /** The paths of the files of the page. */
  assets: string[]
}

export const settings = (globalThis as unknown as { settings: WorkerSettings }).settings
