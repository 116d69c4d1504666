import { join } from 'node:path'
import { rewrittenTables, type Upgrade } from '../db/migrate.ts'
import { copiesFolder, sqliteSizes, upgradeCopies } from '../db/upgrade-copies.ts'
import { sizeText } from '../lib/size-text.ts'
import { copyRetentionDays } from '../upgrade-cleanup.ts'
import type { Finding } from './finding.ts'

// Bytes a second, about half of what bench/upgrade.ts measures on two cores and an SSD.
const copyRate = 50 * 1024 ** 2
const rewriteRate = 5 * 1024 ** 2

/** Says what the next start will do to an SQLite database of `directory`. */
export function sqliteUpgradeFindings(
  directory: string,
  upgrade: Upgrade,
  backedUpFormat: number | undefined,
): Finding[] {
  const tables = rewrittenTables(upgrade)
  const sizes = sqliteSizes(directory, tables)
  const announcement = announce(upgrade, sizes.tables)
  if (tables.length === 0) return [announcement]
  if (backedUpFormat === upgrade.from) return [announcement, confirmed(upgrade)]
  const folder = join(directory, copiesFolder)
  const text = `before that, it copies the database to ${folder}: ${sizeText(sizes.database)}, ${duration(sizes.database / copyRate)}`
  // What is rewritten is in the file and in the write-ahead log for a while.
  if (sizes.free >= sizes.database + sizes.tables) return [announcement, { state: 'note', text }]
  return [
    announcement,
    {
      state: 'bad',
      text: `${text}, but only ${sizeText(sizes.free)} are free, and the upgrade needs up to ${sizeText(sizes.tables)} more`,
      advice: `free some space; or back the database up to another disk, then start with NDOTO_BACKED_UP_FORMAT=${upgrade.from}`,
    },
  ]
}

/** Says what the next start will do to a PostgreSQL database, in which the tables to rewrite have `bytes`. */
export function postgresUpgradeFindings(
  upgrade: Upgrade,
  bytes: number,
  backedUpFormat: number | undefined,
): Finding[] {
  const announcement = announce(upgrade, bytes)
  if (rewrittenTables(upgrade).length === 0) return [announcement]
  if (backedUpFormat === upgrade.from) return [announcement, confirmed(upgrade)]
  return [
    announcement,
    {
      state: 'bad',
      text: 'it starts only if you confirm that you have a backup',
      advice: `back the database up with pg_dump, then start with NDOTO_BACKED_UP_FORMAT=${upgrade.from}`,
    },
  ]
}

/** Lists the copies that upgrades have left, which may contain what was deleted since. */
export function copyFindings(directory: string): Finding[] {
  return upgradeCopies(directory).map(({ path, format, bytes }) => ({
    state: 'note',
    text: `${path} is a copy from before an upgrade, in format ${format}, ${sizeText(bytes)}`,
    advice: `delete it when you are sure of the upgrade: it contains what was deleted since. The server deletes it after ${copyRetentionDays} days`,
  }))
}

function announce(upgrade: Upgrade, bytes: number): Finding {
  const { from, to, steps } = upgrade
  const names = steps.map(({ name }) => name).join(', ')
  const tables = rewrittenTables(upgrade)
  const rewriting =
    tables.length === 0
      ? 'it rewrites no data'
      : `it rewrites data in ${tables.join(', ')}: ${sizeText(bytes)}, ${duration(bytes / rewriteRate)}`
  return {
    state: 'note',
    text: `database format ${from}: the next start migrates it to ${to} (${names}); ${rewriting}`,
  }
}

function confirmed({ from }: Upgrade): Finding {
  return { state: 'good', text: `you have confirmed a backup of format ${from} with NDOTO_BACKED_UP_FORMAT` }
}

function duration(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  return seconds < 90 ? `roughly ${Math.ceil(seconds / 10) * 10} s` : `roughly ${Math.ceil(seconds / 60)} min`
}
