import type { Conversation } from '../data/api-types.ts'
import { changeLabels } from '../data/changes.ts'
import { labels } from '../data/directory.ts'
import { strings } from '../strings.ts'
import { LabelChip } from './label-chip.tsx'

/** The labels of a conversation, with controls to add and remove them. */
export function Labels({ conversation: { id, labels: titles } }: { conversation: Conversation }) {
  const others = labels.value.filter(({ title }) => !titles.includes(title))
  return (
    <div class="field">
      <label for="add-label">{strings.details.labels}</label>
      {titles.length > 0 && (
        <div class="chips">
          {titles.map((title) => (
            <LabelChip
              key={title}
              title={title}
              onRemove={() =>
                void changeLabels(
                  id,
                  titles.filter((other) => other !== title),
                )
              }
            />
          ))}
        </div>
      )}
      <select
        id="add-label"
        value=""
        disabled={others.length === 0}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.value
          currentTarget.value = ''
          if (chosen) void changeLabels(id, [...titles, chosen])
        }}
      >
        <option value="">{strings.details.addLabel}</option>
        {others.map(({ title }) => (
          <option key={title} value={title}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}
