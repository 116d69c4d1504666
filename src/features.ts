import { migrations as ofAccounts } from './features/accounts/migrations.ts'
import { feature as agents } from './features/agents/feature.ts'
import { feature as attachments } from './features/attachments/feature.ts'
import { feature as bots } from './features/bots/feature.ts'
import { feature as bulk } from './features/bulk/feature.ts'
import { feature as cannedResponses } from './features/canned-responses/feature.ts'
import { feature as channels } from './features/channels/feature.ts'
import { feature as companies } from './features/companies/feature.ts'
import { feature as contactImports } from './features/contact-imports/feature.ts'
import { feature as contactNotes } from './features/contact-notes/feature.ts'
import { feature as contacts } from './features/contacts/feature.ts'
import { feature as conversations } from './features/conversations/feature.ts'
import { feature as customAttributes } from './features/custom-attributes/feature.ts'
import { feature as customerApi } from './features/customer-api/feature.ts'
import { feature as dashboard } from './features/dashboard/feature.ts'
import { feature as dialects } from './features/dialects/feature.ts'
import { feature as drafts } from './features/drafts/feature.ts'
import { feature as importExport } from './features/import-export/feature.ts'
import { feature as inboxes } from './features/inboxes/feature.ts'
import { feature as labels } from './features/labels/feature.ts'
import { feature as macros } from './features/macros/feature.ts'
import { feature as messages } from './features/messages/feature.ts'
import { feature as moves } from './features/moves/feature.ts'
import { feature as notifications } from './features/notifications/feature.ts'
import { feature as participants } from './features/participants/feature.ts'
import { feature as privacy } from './features/privacy/feature.ts'
import { feature as proposals } from './features/proposals/feature.ts'
import { feature as push } from './features/push/feature.ts'
import { feature as realtime } from './features/realtime/feature.ts'
import { feature as scheduledMessages } from './features/scheduled-messages/feature.ts'
import { feature as search } from './features/search/feature.ts'
import { feature as signIn } from './features/sign-in/feature.ts'
import { feature as teams } from './features/teams/feature.ts'
import { feature as users } from './features/users/feature.ts'
import { feature as views } from './features/views/feature.ts'
import { feature as visits } from './features/visits/feature.ts'
import { feature as webhooks } from './features/webhooks/feature.ts'
import { feature as widget } from './features/widget/feature.ts'
import type { Feature } from './http/feature.ts'

/**
 * The features in order. Each may import the service, schema and events of those above it. `accounts`, `filters`,
 * `actions` and `customers` have no routes.
 */
export const features: readonly Feature[] = [
  { name: 'accounts', migrations: ofAccounts },
  users,
  signIn,
  inboxes,
  labels,
  teams,
  search,
  { name: 'filters' },
  customAttributes,
  companies,
  contacts,
  contactNotes,
  visits,
  conversations,
  views,
  attachments,
  cannedResponses,
  drafts,
  messages,
  participants,
  scheduledMessages,
  { name: 'actions' },
  proposals,
  macros,
  bulk,
  notifications,
  push,
  moves,
  privacy,
  agents,
  realtime,
  { name: 'customers' },
  webhooks,
  bots,
  channels,
  customerApi,
  dashboard,
  widget,
  dialects,
  importExport,
  contactImports,
]
