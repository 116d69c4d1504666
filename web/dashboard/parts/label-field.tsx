import { labels } from '../data/directory.ts'
import { LabelChip } from './label-chip.tsx'

interface Props {
  id: string
  texts: { labels: string; addLabel: string }
  titles: readonly string[]
  /** Gets all titles after a change. */
  onChange(titles: string[]): void
}

/** Labels, with controls to add and remove them. */
export function LabelField({ id, texts, titles, onChange }: Props) {
  const others = labels.value.filter(({ title }) => !titles.includes(title))
  return (
    <div class="field">
      <label for={id}>{texts.labels}</label>
      {titles.length > 0 && (
        <div class="chips">
          {titles.map((title) => (
            <LabelChip
              key={title}
              title={title}
              onRemove={() => onChange(titles.filter((other) => other !== title))}
            />
          ))}
        </div>
      )}
      <select
        id={id}
        value=""
        disabled={others.length === 0}
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.value
          currentTarget.value = ''
          if (chosen) onChange([...titles, chosen])
        }}
      >
        <option value="">{texts.addLabel}</option>
        {others.map(({ title }) => (
          <option key={title} value={title}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}
