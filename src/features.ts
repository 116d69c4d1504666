import { migrations as ofAccounts } from './features/accounts/migrations.ts'
import { feature as agents } from './features/agents/feature.ts'
import { feature as attachments } from './features/attachments/feature.ts'
import { feature as channels } from './features/channels/feature.ts'
import { feature as contacts } from './features/contacts/feature.ts'
import { feature as conversations } from './features/conversations/feature.ts'
import { feature as customerApi } from './features/customer-api/feature.ts'
import { feature as dashboard } from './features/dashboard/feature.ts'
import { migrations as ofImports } from './features/import-export/migrations.ts'
import { feature as inboxes } from './features/inboxes/feature.ts'
import { feature as labels } from './features/labels/feature.ts'
import { feature as messages } from './features/messages/feature.ts'
import { feature as privacy } from './features/privacy/feature.ts'
import { feature as realtime } from './features/realtime/feature.ts'
import { feature as search } from './features/search/feature.ts'
import { feature as signIn } from './features/sign-in/feature.ts'
import { feature as teams } from './features/teams/feature.ts'
import { feature as users } from './features/users/feature.ts'
import { feature as visits } from './features/visits/feature.ts'
import { feature as webhooks } from './features/webhooks/feature.ts'
import { feature as widget } from './features/widget/feature.ts'
import type { Feature } from './http/feature.ts'

/**
 * The features in order. Each may import the service, schema and events of those above it. `accounts`, `customers` and
 * `import-export` have no routes.
 */
export const features: readonly Feature[] = [
  { name: 'accounts', migrations: ofAccounts },
  users,
  signIn,
  inboxes,
  labels,
  teams,
  search,
  contacts,
  visits,
  conversations,
  attachments,
  messages,
  privacy,
  agents,
  realtime,
  { name: 'customers' },
  webhooks,
  channels,
  customerApi,
  dashboard,
  widget,
  { name: 'import-export', migrations: ofImports },
]
