import type { Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { listAgents } from '../agents/service.ts'
import { systemOf } from '../conversations/service.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { listLabels } from '../labels/service.ts'
import { listTeams } from '../teams/service.ts'

/** What an account has few of, by the names that files give it. */
export class Directory {
  readonly #accountId: number
  readonly #agents: Map<string, number>
  readonly #teams: Map<string, number>
  readonly #labels: Map<string, number>
  readonly #mayWork = new Map<string, boolean>()

  private constructor(accountId: number, all: Record<'agents' | 'teams' | 'labels', [string, number][]>) {
    this.#accountId = accountId
    this.#agents = new Map(all.agents)
    this.#teams = new Map(all.teams)
    this.#labels = new Map(all.labels)
  }

  static async of(queries: Queries, accountId: number): Promise<Directory> {
    const actor = systemOf(accountId)
    return new Directory(accountId, {
      agents: (await listAgents(queries, actor)).map(({ email, id }) => [email, id]),
      teams: (await listTeams(queries, actor)).map(({ name, id }) => [name, id]),
      labels: (await listLabels(queries, actor)).map(({ title, id }) => [title, id]),
    })
  }

  /** The agent with an e-mail address, in whatever case; undefined where there is none. */
  agent(email: string): number | undefined {
    return this.#agents.get(normalizeEmail(email))
  }

  team(name: string): number | undefined {
    return this.#teams.get(name)
  }

  label(title: string): number | undefined {
    return this.#labels.get(title)
  }

  /** Whether an agent may be assigned in an inbox. */
  async mayWorkIn(queries: Queries, inboxId: number, userId: number): Promise<boolean> {
    const key = `${inboxId} ${userId}`
    const known = this.#mayWork.get(key) ?? (await mayWorkIn(queries, this.#accountId, inboxId, userId))
    this.#mayWork.set(key, known)
    return known
  }
}
