import { migrations as ofDatabase } from './db/migrations.ts'
import { migrations as ofDeliveries } from './deliveries/migrations.ts'
import { migrations as ofEvents } from './events/migrations.ts'
import { features } from './features.ts'

/** All migrations, in order. */
export const migrations = [
  ...ofDatabase,
  ...ofEvents,
  ...ofDeliveries,
  ...features.flatMap(({ migrations = [] }) => migrations),
].sort((one, other) => one.version - other.version)
