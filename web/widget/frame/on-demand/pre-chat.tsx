import { computed, signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { PreChatField } from '../../../../src/features/inboxes/schema.ts'
import { CallError } from '../../../shared/api.ts'
import type { Contact } from '../data/api-types.ts'
import { outbox } from '../data/outbox.ts'
import { settings } from '../data/settings.ts'
import { isLoaded, sortedMessages } from '../data/thread.ts'
import { arrive, attributes, callOwn, details, visitor, whenLeaving } from '../data/visitor.ts'
import { keep, read } from '../data/visitor-storage.ts'
import { strings } from '../strings.ts'
import { asking } from './asking-strings.ts'

/** What a visitor says about themselves. */
interface Answers extends Record<string, unknown> {
  custom_attributes?: Record<string, unknown>
}

/** Passes on what the visitor says about themselves. Creates the contact if there is none. Throws CallError. */
async function introduce(answers: Answers): Promise<void> {
  if (visitor.value) {
    await callOwn('', { method: 'PATCH', body: answers })
    return
  }
  const { custom_attributes, ...given } = answers
  Object.assign(details, given)
  Object.assign(attributes, custom_attributes)
  await arrive()
}

/** Returns the names of what is known of the visitor: from the website, or from an earlier visit. */
async function knownFields(): Promise<string[]> {
  const contact = visitor.value ? await callOwn<Contact>('') : {}
  return Object.entries({ ...attributes, ...details, ...contact }).flatMap(([name, value]) =>
    value ? [name] : [],
  )
}

const isAnswered = signal(read('pre-chat') === true)

/** Whether the visitor is asked for something before they can write their first message. */
const isNeeded = computed(
  () =>
    !isAnswered.value &&
    (isLoaded.value || !visitor.value) &&
    sortedMessages.value.length + outbox.value.length === 0,
)

/** Asks the visitor no more. */
function end(): void {
  keep('pre-chat', true)
  isAnswered.value = true
}

whenLeaving(() => {
  isAnswered.value = false
})

/** Shows the form until it is answered, then what is inside. */
export function PreChat({ children }: { children: ComponentChildren }) {
  return <>{isNeeded.value ? <Form /> : children}</>
}

/** Asks for what the inbox wants to know before the first message, except for what is known. */
function Form() {
  const t = { ...strings.value, ...asking.value }
  const { pre_chat_message: lead, pre_chat_fields: fields } = settings.pre_chat!
  const missing = useSignal<readonly PreChatField[] | undefined>(undefined)
  const isSending = useSignal(false)
  const problem = useSignal('')
  const source = visitor.value?.source_id
  useEffect(() => {
    knownFields()
      .catch((): string[] => [])
      .then((known) => {
        missing.value = fields.filter(({ name }) => !known.includes(name))
        if (missing.value.length === 0) end()
      })
  }, [source])
  const send = async (form: FormData) => {
    isSending.value = true
    problem.value = ''
    try {
      await introduce(answersOf(missing.value ?? [], form))
      end()
    } catch (error) {
      const isWrong = error instanceof CallError && error.status === 422
      problem.value = isWrong ? t.wrongAnswer : t.failed
    }
    isSending.value = false
  }
  if (!missing.value) return null
  return (
    <form
      class="asked"
      // Here, because the style sheet is loaded by every visitor.
      style={{ maxHeight: '70%', padding: '12px 16px 16px', overflow: 'auto' }}
      onSubmit={(event) => {
        event.preventDefault()
        void send(new FormData(event.currentTarget))
      }}
    >
      {lead && <p dir="auto">{lead}</p>}
      {missing.value.map((field) => (
        <Field key={field.name} field={field} />
      ))}
      {problem.value && (
        <p class="bad" role="alert">
          {problem.value}
        </p>
      )}
      <button type="submit" class="answer" disabled={isSending.value}>
        {t.startChat}
      </button>
    </form>
  )
}

function Field({ field }: { field: PreChatField }) {
  const { name, label, type, required, placeholder, values = [] } = field
  const mark = required && <span aria-hidden="true"> *</span>
  if (type === 'checkbox') {
    return (
      <label class="check">
        <input type="checkbox" name={name} required={required} />
        <span>
          {label}
          {mark}
        </span>
      </label>
    )
  }
  const id = `pre-chat-${name}`
  return (
    <div>
      <label for={id}>
        {label}
        {mark}
      </label>
      {type === 'select' ? (
        <select id={id} name={name} required={required}>
          <option value="">{placeholder ?? strings.value.choose}</option>
          {values.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      ) : (
        <Input field={field} id={id} />
      )}
    </div>
  )
}

function Input({ field: { name, type, required, placeholder }, id }: { field: PreChatField; id: string }) {
  const own = { id, name, required, placeholder: placeholder ?? undefined, maxLength: 254 }
  const autoComplete = completions[name]
  if (type === 'email') return <input type="email" dir="ltr" autoComplete={autoComplete} {...own} />
  if (type === 'tel') return <input type="tel" dir="ltr" autoComplete={autoComplete} {...own} />
  return <input type="text" dir="auto" autoComplete={autoComplete} {...own} />
}

const completions: Record<string, string> = { name: 'name', email: 'email', phone_number: 'tel' }

function answersOf(fields: readonly PreChatField[], form: FormData): Answers {
  const own: Answers = {}
  const custom: Record<string, unknown> = {}
  for (const { name, type } of fields) {
    const text = String(form.get(name) ?? '').trim()
    const value = type === 'checkbox' ? form.has(name) : text
    if (value === '') continue
    // The server stores phone numbers with a plus and digits only.
    if (name === 'phone_number') own[name] = text.replaceAll(/[^+\d]/g, '')
    else if (name in completions) own[name] = value
    else custom[name] = value
  }
  return Object.keys(custom).length > 0 ? { ...own, custom_attributes: custom } : own
}
