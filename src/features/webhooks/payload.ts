import type { LoggedEvent } from '../../events/read.ts'

/** Returns the JSON of an event as webhooks get it. */
export function webhookBody({ data }: LoggedEvent): string {
  return data
}
