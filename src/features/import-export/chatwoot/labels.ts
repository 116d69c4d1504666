import type { Queries } from '../../../db/database.ts'
import { nextId } from '../../../db/ids.ts'
import { systemOf } from '../../../lib/actor.ts'
import { listLabels } from '../../labels/service.ts'
import type { Move } from './move.ts'
import { insertLabel } from './settings.store.ts'
import { selectLabels } from './source-settings.store.ts'

const defaultColor = '#1F93FF'

/** The labels of the account, and those that only its conversations and contacts have. */
export class Labels {
  readonly #move: Move
  /** The ids here of titles in Chatwoot. */
  readonly #ids = new Map<string, number>()
  readonly #ownTitles = new Map<string, string>()
  /** The ids here of titles here. */
  readonly #titles = new Map<string, number>()

  private constructor(move: Move) {
    this.#move = move
  }

  /** Imports the labels of the account. */
  static async import(move: Move): Promise<Labels> {
    const labels = new Labels(move)
    await labels.#import()
    return labels
  }

  async #import(): Promise<void> {
    const { source, database, accountId, isDryRun, report, ids } = this.#move
    for (const { id, title } of await listLabels(database.read, systemOf(accountId)))
      this.#titles.set(title, id)
    const rows = await selectLabels(source, accountId)
    report.table('labels', rows.length)
    await ids.labels.begin(database, source, rows.at(-1)?.id ?? 0)
    for (const row of rows) {
      const title = this.#titleFor(row.title)
      const known = this.#titles.get(title)
      report.count('labels', known === undefined ? 'stored' : 'known')
      if (known !== undefined) {
        this.#ids.set(row.title, known)
        continue
      }
      const label = {
        ...row,
        title,
        description: row.description || (title === row.title ? null : row.title),
      }
      const isKept = ids.labels.keeps(row.id)
      await this.#store(row.title, label, (tx) =>
        isKept ? Promise.resolve(row.id) : nextId(tx, accountId, 'labels'),
      )
      if (!isKept && !isDryRun) report.remark('label with another id, because its own is taken', title)
    }
  }

  async #store(
    theirTitle: string,
    label: {
      title: string
      description: string | null
      color: string | null
      show_on_sidebar: boolean | null
      created_at: number
    },
    idFor: (tx: Queries) => Promise<number>,
  ): Promise<void> {
    const { database, accountId: account_id, isDryRun } = this.#move
    const { title, description, color, show_on_sidebar, created_at } = label
    let id = 0
    if (!isDryRun) {
      id = await database.transaction(account_id, async (tx) => {
        const id = await idFor(tx)
        await insertLabel(tx, {
          ...{ account_id, id, title, description: description?.slice(0, 1000) ?? null },
          color: color && /^#[\da-f]{6}$/i.test(color) ? color : defaultColor,
          show_on_sidebar: show_on_sidebar === false ? 0 : 1,
          ...{ created_at, updated_at: created_at },
        })
        return id
      })
    }
    this.#ids.set(theirTitle, id)
    this.#titles.set(title, id)
  }

  /** The ids of labels with these titles in Chatwoot. Adds those that do not exist: a deleted label stays on what had it. */
  async idsOf(titles: string[]): Promise<Map<string, number>> {
    for (const title of new Set(titles)) {
      if (this.#ids.has(title)) continue
      const own = this.#titleFor(title)
      const known = this.#titles.get(own)
      if (known !== undefined) this.#ids.set(title, known)
      else {
        const description = own === title ? null : title
        const label = { title: own, description, color: null, show_on_sidebar: false, created_at: Date.now() }
        const { accountId } = this.#move
        await this.#store(title, label, (tx) => nextId(tx, accountId, 'labels'))
        this.#move.report.remark('tag that had no label, now a label', own)
      }
    }
    return this.#ids
  }

  /** The titles here of labels with these titles in Chatwoot. */
  async titlesOf(titles: string[]): Promise<string[]> {
    await this.idsOf(titles)
    return titles.map((title) => this.#ownTitles.get(title)!)
  }

  /** A title as it may be here: Chatwoot allows the letters of all languages. */
  #titleFor(title: string): string {
    const folded = title
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .toLowerCase()
      .replaceAll('ß', 'ss')
    const own = folded
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50)
    // Of titles in other scripts nothing may be left.
    const ownOrCode = own || `label-${Buffer.from(title).toString('hex')}`.slice(0, 50)
    this.#ownTitles.set(title, ownOrCode)
    if (ownOrCode !== title)
      this.#move.report.remark(
        'label with another title; its description has the old one',
        `${title} is ${ownOrCode}`,
      )
    return ownOrCode
  }
}
