import { randomUUID } from 'node:crypto'
import type { UserPresence } from './schema.ts'
import type { Signal, Signals } from './signals.ts'

// Ids in one signal, which has at most 7,000 bytes.
const mostUsers = 400
// Words that a node may owe before what it said ends.
const patience = 3

type Changed = (accountId: number, presence: UserPresence) => void

/**
 * Who has a stream open on any node. Each node tells the others when a user comes to it or leaves it, and all of its
 * users in every interval: so a node that died takes its users offline after three.
 */
export class Presence {
  readonly #node = randomUUID()
  readonly #signals: Signals
  readonly #interval: number
  readonly #changed: Changed
  /** Streams on this node: account, user, how many. */
  readonly #here = new Map<number, Map<number, number>>()
  /** Where users are: account, user, node, when that node last said so. */
  readonly #known = new Map<number, Map<number, Map<string, number>>>()
  #timer: NodeJS.Timeout | undefined

  constructor(signals: Signals, interval: number, changed: Changed) {
    this.#signals = signals
    this.#interval = interval
    this.#changed = changed
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tellAll()
      this.#forgetSilent()
    }, this.#interval).unref()
    this.ask()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Brings the other nodes and this one up to date with each other. */
  ask(): void {
    this.#signals.tell({ kind: 'who' })
    this.#tellAll()
  }

  /** The users of an account who are online. */
  online(accountId: number): Set<number> {
    return new Set(this.#known.get(accountId)?.keys())
  }

  /** A user has opened a stream here. */
  arrive(accountId: number, user: number): void {
    const users = this.#here.get(accountId) ?? new Map<number, number>()
    this.#here.set(accountId, users)
    const count = users.get(user) ?? 0
    users.set(user, count + 1)
    if (count > 0) return
    this.#isAt(accountId, user, this.#node)
    this.#signals.tell({ kind: 'presence', account: accountId, node: this.#node, user, status: 'online' })
  }

  /** A stream that a user had here has ended. */
  leave(accountId: number, user: number): void {
    const users = this.#here.get(accountId)
    const count = users?.get(user) ?? 0
    if (!users || count === 0) return
    users.set(user, count - 1)
    if (count > 1) return
    users.delete(user)
    if (users.size === 0) this.#here.delete(accountId)
    this.#isGone(accountId, user, this.#node)
    this.#signals.tell({ kind: 'presence', account: accountId, node: this.#node, user, status: 'offline' })
  }

  /** What a node has told; what we told ourselves is known already. */
  hear(signal: Signal): void {
    if (signal.kind === 'who') this.#tellAll()
    if (!('node' in signal) || signal.node === this.#node) return
    const { account, node } = signal
    if (signal.kind === 'here') for (const user of signal.users) this.#isAt(account, user, node)
    else if (signal.status === 'online') this.#isAt(account, signal.user, node)
    else this.#isGone(account, signal.user, node)
  }

  #tellAll(): void {
    for (const [account, users] of this.#here) {
      const ids = [...users.keys()]
      for (let from = 0; from < ids.length; from += mostUsers) {
        const some = ids.slice(from, from + mostUsers)
        this.#signals.tell({ kind: 'here', account, node: this.#node, users: some })
      }
    }
  }

  #forgetSilent(): void {
    const late = performance.now() - patience * this.#interval
    for (const [account, users] of this.#known) {
      for (const [user, nodes] of users) {
        for (const [node, heard] of nodes) {
          if (node !== this.#node && heard < late) this.#isGone(account, user, node)
        }
      }
    }
  }

  #isAt(account: number, user: number, node: string): void {
    const users = this.#known.get(account) ?? new Map<number, Map<string, number>>()
    this.#known.set(account, users)
    const nodes = users.get(user) ?? new Map<string, number>()
    users.set(user, nodes)
    const isNew = nodes.size === 0
    nodes.set(node, performance.now())
    if (isNew) this.#changed(account, { user_id: user, status: 'online' })
  }

  #isGone(account: number, user: number, node: string): void {
    const users = this.#known.get(account)
    const nodes = users?.get(user)
    if (!users || !nodes?.delete(node) || nodes.size > 0) return
    users.delete(user)
    if (users.size === 0) this.#known.delete(account)
    this.#changed(account, { user_id: user, status: 'offline' })
  }
}
