import type { AgentBot, AgentBotWithSecrets } from '../../../bots/schema.ts'
import type { RelatedRow } from '../related.store.ts'

/** A bot as messages and events show it: Chatwoot's `AgentBot#push_event_data`. */
export function botPush({ id, name }: Pick<RelatedRow<'bots'>, 'id' | 'name'>) {
  return { id, name, avatar_url: '', type: 'agent_bot' as const }
}
export type BotPush = ReturnType<typeof botPush>

/** A bot with its settings. Its secrets are shown only after it was created. */
export function toBot(bot: AgentBot | AgentBotWithSecrets, accountId: number) {
  const { access_token = '', secret = '' } = bot as Partial<AgentBotWithSecrets>
  return {
    id: bot.id,
    name: bot.name,
    description: bot.description,
    thumbnail: '',
    outgoing_url: bot.outgoing_url,
    bot_type: 'webhook',
    bot_config: {},
    account_id: accountId,
    access_token,
    secret,
    system_bot: false,
  }
}
