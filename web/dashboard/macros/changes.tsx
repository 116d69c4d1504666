import type { MacroPreview } from '../data/api-types.ts'
import { agents, teams } from '../data/directory.ts'
import { MessageText } from '../parts/text.tsx'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { macroStrings as t } from './strings.ts'

/** What a macro would do: the messages that it sends, and the fields that it changes. */
export function Changes({ preview: { before, after, messages } }: { preview: MacroPreview }) {
  const fields = Object.keys(after)
  if (fields.length === 0 && messages.length === 0) return <p>{t.nothing}</p>
  return (
    <>
      {messages.map(({ content, private: isPrivate }, index) => (
        <section key={index} class="macro-message" data-kind={isPrivate ? 'note' : 'reply'}>
          <h3>{isPrivate ? t.notes : t.sends}</h3>
          <MessageText text={content} />
        </section>
      ))}
      {fields.length > 0 && (
        <section>
          <h3>{t.changes}</h3>
          <dl class="facts">
            {fields.map((field) => (
              <div key={field} class="fact">
                <dt>{t.fields[field] ?? field}</dt>
                <dd>
                  <bdi>{valueText(field, before[field])}</bdi> <span aria-hidden="true">→</span>
                  <span class="unseen">{t.becomes}</span> <bdi>{valueText(field, after[field])}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  )
}

/** A value of a field, as a person reads it. */
function valueText(field: string, value: unknown): string {
  const { none, nobody, details, list } = strings
  if (field === 'assignee_id') return agents.value.find(({ id }) => id === value)?.name ?? nobody
  if (field === 'team_id') return teams.value.find(({ id }) => id === value)?.name ?? none
  if (field === 'snoozed_until') return value === null ? none : wholeTime(value as number)
  if (field === 'status') return list.statuses[value as 'open']
  if (field === 'priority') return value === null ? none : details.priorities[value as 'low']
  if (typeof value === 'boolean') return value ? details.yes : details.no
  if (Array.isArray(value)) return value.join(', ') || none
  const entries = Object.entries((value ?? {}) as object)
  return entries.map(([name, one]) => `${name}: ${String(one)}`).join(', ') || none
}
