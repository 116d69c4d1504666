import { useEffect, useRef } from 'preact/hooks'
import { isAvailable } from '../data/availability.ts'
import { showPanel } from '../data/call-handlers.ts'
import { settings } from '../data/settings.ts'
import { hasSound, setSound } from '../data/sound.ts'
import { sortedMessages } from '../data/thread.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { Avatar } from './avatar.tsx'
import { Composer } from './composer.tsx'
import { Lazy } from './lazy.tsx'
import { Thread } from './thread.tsx'

const loadPreChat = () => import('../on-demand/pre-chat.tsx').then(({ PreChat }) => PreChat)

const composer = <Composer />

/** The panel with the chat. */
export function Panel() {
  const panel = useRef<HTMLElement>(null)
  const t = strings.value
  useEffect(() => panel.current!.querySelector<HTMLElement>('textarea')?.focus({ preventScroll: true }), [])
  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-label={settings.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) showPanel(false)
      }}
    >
      <header class="head">
        <Avatars />
        <div class="title">
          <h1>
            <bdi>{settings.title}</bdi>
          </h1>
          <p>{isAvailable.value ? t.online : t.away}</p>
        </div>
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
        <button
          type="button"
          class="tool"
          aria-label={t.close}
          title={t.close}
          onClick={() => showPanel(false)}
        >
          <Icon name="close" />
        </button>
      </header>
      <Thread />
      {settings.pre_chat ? (
        <Lazy load={loadPreChat} props={{ children: composer }} meanwhile={composer} />
      ) : (
        composer
      )}
    </section>
  )
}

/** The agents who have replied, latest first; before the first reply, the agents of the inbox. */
function Avatars() {
  const answered = new Map<string, (typeof settings.agents)[number]>()
  for (const { sender, message_type } of sortedMessages.value.toReversed()) {
    if (sender && message_type === 'outgoing') answered.set(sender.name, sender)
  }
  const faces = answered.size > 0 ? [...answered.values()] : settings.agents
  if (faces.length === 0) return null
  return (
    <div class="avatars">
      {faces.slice(0, 3).map(({ name, avatar_url }) => (
        <Avatar key={name} name={name} avatar_url={avatar_url} />
      ))}
    </div>
  )
}
