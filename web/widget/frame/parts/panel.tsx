import { useEffect, useRef } from 'preact/hooks'
import { show } from '../data/answers.ts'
import { settings } from '../data/settings.ts'
import { hasSound, setSound } from '../data/sound.ts'
import { said } from '../data/thread.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { Composer } from './composer.tsx'
import { Face } from './face.tsx'
import { Thread } from './thread.tsx'

/** The chat itself. */
export function Panel() {
  const panel = useRef<HTMLElement>(null)
  const t = strings.value
  useEffect(() => panel.current!.querySelector<HTMLElement>('textarea')!.focus({ preventScroll: true }), [])
  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-label={settings.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) show(false)
      }}
    >
      <header class="head">
        <Faces />
        <h1 class="title" dir="auto">
          {settings.title}
        </h1>
        <button
          type="button"
          class="tool"
          aria-label={t.sound}
          title={t.sound}
          aria-pressed={hasSound.value}
          onClick={() => setSound(!hasSound.value)}
        >
          <Icon name={hasSound.value ? 'bell' : 'muted'} />
        </button>
        <button type="button" class="tool" aria-label={t.close} title={t.close} onClick={() => show(false)}>
          <Icon name="close" />
        </button>
      </header>
      <Thread />
      <Composer />
    </section>
  )
}

/** Who has answered here, the last first; before anybody has, who works here. */
function Faces() {
  const answered = new Map<string, (typeof settings.agents)[number]>()
  for (const { sender, message_type } of said.value.toReversed()) {
    if (sender && message_type === 'outgoing') answered.set(sender.name, sender)
  }
  const faces = answered.size > 0 ? [...answered.values()] : settings.agents
  if (faces.length === 0) return null
  return (
    <div class="faces">
      {faces.slice(0, 3).map(({ name, avatar_url }) => (
        <Face key={name} name={name} avatar_url={avatar_url} />
      ))}
    </div>
  )
}
