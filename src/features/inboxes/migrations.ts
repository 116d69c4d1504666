import type { Migration } from '../../db/migrate.ts'
import { postgres as widgetOnPostgres } from './migrations/0009-widget.postgres.ts'
import { sqlite as widget } from './migrations/0009-widget.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 9, name: 'widget', sqlite: widget, postgres: widgetOnPostgres },
]
