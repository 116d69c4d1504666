import { Refusal } from '../../../lib/errors.ts'

/** Returns the message of the refusal that `work` throws; undefined if it throws none. Other errors are thrown. */
export async function refusal(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}
