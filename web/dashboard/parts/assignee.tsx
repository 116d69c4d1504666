import type { Conversation } from '../data/api-types.ts'
import { assignableIn, botsFor } from '../data/assignable.ts'
import { assignTo, assignToBot, changeStatus } from '../data/changes.ts'
import { statusOf } from '../data/directory.ts'
import { profile } from '../data/session.ts'
import { strings } from '../strings.ts'
import { Select } from './select.tsx'

const t = strings.details
const botPrefix = 'bot '

/** The assignee of a conversation: an agent, a bot, or nobody. The bots of its inbox come first, the others last. */
export function Assignee({ conversation }: { conversation: Conversation }) {
  const { id, inbox_id, meta } = conversation
  const { own, others } = botsFor(inbox_id)
  const isOther = others.some((one) => one.id === meta.bot?.id)
  const first = isOther ? own : withMissing(own, meta.bot)
  const toOption = ({ id: bot, name }: { id: number; name: string }) => ({
    value: `${botPrefix}${bot}`,
    text: t.bot(name),
  })
  const agents = withMissing(assignableIn(inbox_id), meta.assignee).map((agent) => ({
    value: agent.id,
    text: nameWithStatus(agent),
  }))
  const choose = (chosen: string) =>
    chosen.startsWith(botPrefix)
      ? assignToBot(conversation, Number(chosen.slice(botPrefix.length)))
      : assignTo(conversation, Number(chosen) || null)
  return (
    <div class="field">
      <label for="assignee">{t.assignee}</label>
      <Select
        id="assignee"
        value={meta.bot ? `${botPrefix}${meta.bot.id}` : meta.assignee?.id}
        none={t.unassigned}
        options={[...first.map(toOption), ...agents]}
        group={others.length > 0 ? { title: t.otherBots, options: others.map(toOption) } : undefined}
        onChoose={choose}
      />
      {meta.bot && (
        <button type="button" class="button-link" onClick={() => void changeStatus(id, 'open')}>
          {t.handOver}
        </button>
      )}
      {meta.assignee?.id !== profile.value?.id && (
        <button
          type="button"
          class="button-link"
          onClick={() => void assignTo(conversation, profile.value!.id)}
        >
          {t.takeIt}
        </button>
      )}
    </div>
  )
}

/** The name of an agent, with their status unless they are offline. */
function nameWithStatus({ id, name }: { id: number; name: string }): string {
  const status = statusOf(id)
  return status === 'offline' ? name : `${name} (${strings.availability.names[status].toLowerCase()})`
}

/** Adds the selected one if it is missing in the list. */
export function withMissing<T extends { id: number; name: string }>(
  all: readonly T[],
  one: { id: number; name: string } | null,
) {
  return one && !all.some(({ id }) => id === one.id) ? [...all, one] : all
}
