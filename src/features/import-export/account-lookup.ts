import type { Queries } from '../../db/database.ts'
import { systemOf } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { listAgents } from '../agents/service.ts'
import { definitionsOf } from '../custom-attributes/service.ts'
import { type Definitions, readWith } from '../custom-attributes/validation.ts'
import { mayWorkIn } from '../inboxes/service.ts'
import { listLabels } from '../labels/service.ts'
import { listTeams } from '../teams/service.ts'

/** Finds the agents, teams and labels of an account by their names in files, and reads attributes of conversations. */
export class AccountLookup {
  readonly #accountId: number
  readonly #agents: Map<string, number>
  readonly #teams: Map<string, number>
  readonly #labels: Map<string, number>
  readonly #definitions: Definitions
  readonly #mayWork = new Map<string, boolean>()

  private constructor(
    accountId: number,
    all: Record<'agents' | 'teams' | 'labels', [string, number][]>,
    definitions: Definitions,
  ) {
    this.#definitions = definitions
    this.#accountId = accountId
    this.#agents = new Map(all.agents)
    this.#teams = new Map(all.teams)
    this.#labels = new Map(all.labels)
  }

  /** Loads all agents, teams and labels of an account. There are few of them. */
  static async of(queries: Queries, accountId: number): Promise<AccountLookup> {
    const actor = systemOf(accountId)
    const all = {
      agents: (await listAgents(queries, actor)).map(({ email, id }): [string, number] => [email, id]),
      teams: (await listTeams(queries, actor)).map(({ name, id }): [string, number] => [name, id]),
      labels: (await listLabels(queries, actor)).map(({ title, id }): [string, number] => [title, id]),
    }
    return new AccountLookup(
      accountId,
      all,
      await definitionsOf(queries, accountId, 'conversation_attribute'),
    )
  }

  /** The id of the agent with an e-mail address, regardless of case; undefined if there is none. */
  agent(email: string): number | undefined {
    return this.#agents.get(normalizeEmail(email))
  }

  /** The id of the team with a name; undefined if there is none. */
  team(name: string): number | undefined {
    return this.#teams.get(name)
  }

  /** The id of the label with a title; undefined if there is none. */
  label(title: string): number | undefined {
    return this.#labels.get(title)
  }

  /** The custom attributes of a conversation as they are stored. Throws `invalid` for values that do not fit. */
  attributes(attributes: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
    return readWith(this.#definitions, attributes)
  }

  /** Whether conversations of an inbox may be assigned to an agent. */
  async mayWorkIn(queries: Queries, inboxId: number, userId: number): Promise<boolean> {
    const key = `${inboxId} ${userId}`
    const mayWork = this.#mayWork.get(key) ?? (await mayWorkIn(queries, this.#accountId, inboxId, userId))
    this.#mayWork.set(key, mayWork)
    return mayWork
  }
}
