import { randomInt } from 'node:crypto'

/** Returns a new name for a node. No other node has it: PostgreSQL takes 31 bits as the key of a lock. */
export function randomNode(): number {
  return randomInt(1, 2 ** 31)
}
