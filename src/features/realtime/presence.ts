import { randomUUID } from 'node:crypto'
import { every, type Running } from '../../lib/loop.ts'
import type { Signal, Signals } from './signals.ts'

// User ids in one signal, which has at most 7,000 bytes.
const maxUsers = 400
// Intervals without a signal after which a node counts as dead.
const maxSilence = 3

type OnChange = (accountId: number, userId: number) => void

/**
 * The users with an open stream on any node. Each node announces when a user connects or disconnects, and repeats the
 * list of its users in every interval. If a node has died, its users are disconnected after three intervals.
 */
export class Presence {
  readonly #node = randomUUID()
  readonly #signals: Signals
  readonly #interval: number
  readonly #onChange: OnChange
  /** The number of streams on this node, by account and user. */
  readonly #streams = new Map<number, Map<number, number>>()
  /** When a node last announced a user, by account, user and node. */
  readonly #announcements = new Map<number, Map<number, Map<string, number>>>()

  constructor(signals: Signals, interval: number, onChange: OnChange) {
    this.#signals = signals
    this.#interval = interval
    this.#onChange = onChange
  }

  /** Starts to announce the users of this node in every interval. */
  start(): Running {
    this.synchronize()
    const announce = async () => {
      this.#announceAll()
      this.#removeDeadNodes()
    }
    return every(this.#interval, announce, { first: this.#interval })
  }

  /** Asks the other nodes for their users, and announces those of this node. */
  synchronize(): void {
    this.#signals.send({ kind: 'who' })
    this.#announceAll()
  }

  /** Returns the ids of the users of an account who have a stream open. */
  connectedUsers(accountId: number): Set<number> {
    return new Set(this.#announcements.get(accountId)?.keys())
  }

  /** Returns whether a user has a stream of an account open. */
  isConnected(accountId: number, user: number): boolean {
    return this.#announcements.get(accountId)?.has(user) === true
  }

  /** Counts a stream that a user has opened on this node. */
  arrive(accountId: number, user: number): void {
    const users = this.#streams.get(accountId) ?? new Map<number, number>()
    this.#streams.set(accountId, users)
    const count = users.get(user) ?? 0
    users.set(user, count + 1)
    if (count > 0) return
    this.#add(accountId, user, this.#node)
    this.#signals.send({ kind: 'presence', account: accountId, node: this.#node, user, status: 'online' })
  }

  /** Removes a stream of a user on this node, which has ended. */
  leave(accountId: number, user: number): void {
    const users = this.#streams.get(accountId)
    const count = users?.get(user) ?? 0
    if (!users || count === 0) return
    users.set(user, count - 1)
    if (count > 1) return
    users.delete(user)
    if (users.size === 0) this.#streams.delete(accountId)
    this.#remove(accountId, user, this.#node)
    this.#signals.send({ kind: 'presence', account: accountId, node: this.#node, user, status: 'offline' })
  }

  /** Processes a signal of another node. Signals of this node come back too, and are ignored. */
  receive(signal: Signal): void {
    if (signal.kind === 'who') this.#announceAll()
    if (!('node' in signal) || signal.node === this.#node) return
    const { account, node } = signal
    if (signal.kind === 'here') for (const user of signal.users) this.#add(account, user, node)
    else if (signal.status === 'online') this.#add(account, signal.user, node)
    else this.#remove(account, signal.user, node)
  }

  #announceAll(): void {
    for (const [account, users] of this.#streams) {
      const ids = [...users.keys()]
      for (let from = 0; from < ids.length; from += maxUsers) {
        const some = ids.slice(from, from + maxUsers)
        this.#signals.send({ kind: 'here', account, node: this.#node, users: some })
      }
    }
  }

  #removeDeadNodes(): void {
    const oldest = performance.now() - maxSilence * this.#interval
    for (const [account, users] of this.#announcements) {
      for (const [user, nodes] of users) {
        for (const [node, announcedAt] of nodes) {
          if (node !== this.#node && announcedAt < oldest) this.#remove(account, user, node)
        }
      }
    }
  }

  #add(account: number, user: number, node: string): void {
    const users = this.#announcements.get(account) ?? new Map<number, Map<string, number>>()
    this.#announcements.set(account, users)
    const nodes = users.get(user) ?? new Map<string, number>()
    users.set(user, nodes)
    const isNew = nodes.size === 0
    nodes.set(node, performance.now())
    if (isNew) this.#onChange(account, user)
  }

  #remove(account: number, user: number, node: string): void {
    const users = this.#announcements.get(account)
    const nodes = users?.get(user)
    if (!users || !nodes?.delete(node) || nodes.size > 0) return
    users.delete(user)
    if (users.size === 0) this.#announcements.delete(account)
    this.#onChange(account, user)
  }
}
