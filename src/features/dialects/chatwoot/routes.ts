import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import { accountRoutes } from './account-routes.ts'
import { agentRoutes } from './agent-routes.ts'
import { attributeRoutes } from './attribute-routes.ts'
import { botRoutes } from './bot-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { conversationActionRoutes } from './conversation-action-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { emptyRoutes } from './empty-routes.ts'
import { inboxRoutes } from './inbox-routes.ts'
import { macroRoutes } from './macro-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { noteRoutes } from './note-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { participantRoutes } from './participant-routes.ts'
import { speakChatwoot } from './scope.ts'
import { searchRoutes } from './search-routes.ts'
import { settingRoutes } from './setting-routes.ts'
import { teamRoutes } from './team-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

/** The API of Chatwoot: its paths, parameters, objects and errors. Every rule is one of the features. */
export function chatwootRoutes(app: Server, context: Context): void {
  speakChatwoot(app)
  for (const addRoutes of [
    accountRoutes,
    agentRoutes,
    inboxRoutes,
    botRoutes,
    contactRoutes,
    noteRoutes,
    conversationRoutes,
    conversationActionRoutes,
    messageRoutes,
    participantRoutes,
    notificationRoutes,
    macroRoutes,
    teamRoutes,
    settingRoutes,
    attributeRoutes,
    webhookRoutes,
    searchRoutes,
    customerRoutes,
    emptyRoutes,
  ])
    addRoutes(app, context)
}
