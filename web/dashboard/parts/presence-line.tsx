import { writers } from '../data/typing.ts'
import { viewers } from '../data/viewers.ts'
import { Icon } from '../icons.tsx'
import { list } from '../language.ts'
import { strings } from '../strings.ts'

const t = strings.thread

/** Says above the composer who writes in the conversation, and who else looks at it. */
export function PresenceLine({ id }: { id: number }) {
  const writing = writers.value.get(id)
  const names = [...(writing?.values() ?? [])].map(({ name }) => name)
  const looking = [...(viewers.value.get(id) ?? [])]
    .filter(([user]) => !writing?.has(`User ${user}`))
    .map(([, name]) => name)
  return (
    <div class="presence">
      <p class="writing" aria-live="off">
        {names.length > 0 && t.writing(list(names))}
      </p>
      <p class="viewers" role="status">
        {looking.length > 0 && (
          <>
            <Icon name="eye" /> <span>{t.viewing(list(looking))}</span>
          </>
        )}
      </p>
    </div>
  )
}
