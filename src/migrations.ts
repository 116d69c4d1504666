import { migrations as ofEvents } from './events/migrations.ts'
import { features } from './features.ts'

/** All migrations, in order. */
export const migrations = [...ofEvents, ...features.flatMap(({ migrations = [] }) => migrations)].sort(
  (one, other) => one.version - other.version,
)
