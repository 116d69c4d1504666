import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { CallError } from '../../../shared/api.ts'
import type { Contact } from '../data/api-types.ts'
import { settings } from '../data/settings.ts'
import { callOwn, visitor } from '../data/visitor.ts'
import { keep } from '../data/visitor-storage.ts'
import { Icon } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { strings } from '../strings.ts'
import { asking } from './asking-strings.ts'

/** Asks for the visitor's e-mail address, unless it is known. */
export function EmailPrompt({ onAnswer }: { onAnswer(): void }) {
  const t = { ...strings.value, ...asking.value }
  const state = useSignal<'unknown' | 'asking' | 'sending'>('unknown')
  const given = useSignal('')
  const problem = useSignal('')
  const source = visitor.value?.source_id
  useEffect(() => {
    callOwn<Contact>('').then(
      ({ email }) => {
        if (email === null) state.value = 'asking'
        else close()
      },
      () => {},
    )
  }, [source])
  const close = () => {
    keep('asked', true)
    onAnswer()
  }
  const send = async (email: string) => {
    state.value = 'sending'
    problem.value = ''
    try {
      await callOwn<Contact>('', { method: 'PATCH', body: { email } })
      keep('asked', true)
      given.value = email
    } catch (error) {
      const isWrong = error instanceof CallError && error.status === 422
      problem.value = isWrong ? t.wrongEmail : t.failed
    }
    state.value = 'asking'
  }
  if (state.value === 'unknown') return null
  const [agent] = settings.agents
  return (
    <div class="row" data-side="team">
      <Avatar name={agent?.name ?? settings.title} avatar_url={agent?.avatar_url ?? null} />
      <div class="bubble">
        {given.value ? (
          <p class="given" role="status">
            <Icon name="check" /> <bdi>{given.value}</bdi>
          </p>
        ) : (
          <form
            class="asked"
            onSubmit={(event) => {
              event.preventDefault()
              void send(String(new FormData(event.currentTarget).get('email')))
            }}
          >
            <p>{t.askEmail}</p>
            <label>
              {t.email}
              <input type="email" name="email" autoComplete="email" required maxLength={254} dir="ltr" />
            </label>
            <button type="submit" class="answer" disabled={state.value === 'sending'}>
              {t.send}
            </button>
            <button type="button" class="plain" onClick={close}>
              {t.skip}
            </button>
            {problem.value && (
              <p class="bad" role="alert">
                {problem.value}
              </p>
            )}
          </form>
        )}
      </div>
    </div>
  )
}
