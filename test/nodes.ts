import { type App, startApp } from '../src/app.ts'
import type { Intervals } from '../src/http/feature.ts'
import type { TestApp } from './app.ts'

/** Starts another node on the PostgreSQL database of a test's server. It stops after the test. */
export async function startNode(
  scope: { after(clean: () => unknown): void },
  { config }: TestApp,
  intervals: Partial<Intervals> = {},
): Promise<App> {
  const node = await startApp({ ...config, port: 0 }, { intervals })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= node.close()
    return closing
  }
  scope.after(close)
  return { ...node, close }
}
