import { useSignal } from '@preact/signals'
import { Dialog } from '../../shared/dialog.tsx'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { contactName } from '../data/contact-name.ts'
import { definitionsFor } from '../data/definitions.ts'
import { accountPath } from '../data/session.ts'
import { useContacts } from '../palette/people.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { addressFor, list } from './list-state.ts'
import { mergedContact } from './merged.ts'
import { contactWords as t } from './strings.ts'

/** Finds another contact, shows what remains of the two, and merges them. */
export function MergeDialog({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const other = useSignal<Contact | undefined>(undefined)
  return (
    <Dialog class="confirm merge" labelledBy="merge-title" onClose={onClose}>
      <h2 id="merge-title">
        <bdi>{t.mergeTitle(contactName(contact))}</bdi>
      </h2>
      {other.value ? (
        <Preview contact={contact} other={other.value} onClose={onClose} />
      ) : (
        <Choose
          contact={contact}
          onClose={onClose}
          onChoose={(chosen) => {
            other.value = chosen
          }}
        />
      )}
    </Dialog>
  )
}

interface ChooseProps {
  contact: Contact
  onClose(): void
  onChoose(chosen: Contact): void
}

function Choose({ contact, onClose, onChoose }: ChooseProps) {
  const typed = useSignal('')
  const found = useContacts(typed).filter(({ id }) => id !== contact.id)
  return (
    <>
      <p>{t.mergeLead}</p>
      <input
        type="search"
        aria-label={t.mergeSearch}
        placeholder={t.mergeSearch}
        autocomplete="off"
        dir="auto"
        value={typed.value}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value
        }}
      />
      <ul class="merge-found">
        {found.map((one) => (
          <li key={one.id}>
            <button type="button" aria-label={t.mergeChoose(contactName(one))} onClick={() => onChoose(one)}>
              <strong>
                <bdi>{contactName(one)}</bdi>
              </strong>
              <bdi class="quiet">
                {[one.email, one.phone_number, `#${one.id}`].filter(Boolean).join(' · ')}
              </bdi>
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet" role="status">
        {typed.value.trim().length > 1 && found.length === 0 && t.mergeNothing}
      </p>
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={onClose}>
          {strings.cancel}
        </button>
      </div>
    </>
  )
}

function Preview({ contact, other, onClose }: { contact: Contact; other: Contact; onClose(): void }) {
  const isSwapped = useSignal(false)
  const isWorking = useSignal(false)
  const trouble = useSignal<string | undefined>(undefined)
  const [base, mergee] = isSwapped.value ? [other, contact] : [contact, other]
  const merge = async () => {
    if (isWorking.value) return
    isWorking.value = true
    try {
      const body = { base_contact_id: base.id, mergee_contact_id: mergee.id }
      const merged = await call<Contact>(`${accountPath()}/actions/contact_merge`, { method: 'POST', body })
      list.take(mergee.id, undefined)
      list.take(base.id, merged)
      onClose()
      go(addressFor(base.id), { replace: true })
    } catch (error) {
      trouble.value = (error as Error).message
      isWorking.value = false
    }
  }
  const [kept, gone] = [base, mergee].map((one) => `${contactName(one)} (#${one.id})`) as [string, string]
  return (
    <>
      <p>{t.mergeInto(kept, gone)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it */}
      <section class="merge-table" aria-label={t.mergePreview} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.mergeField}</th>
              <th scope="col">{t.mergeKept}</th>
              <th scope="col">{t.mergeGone}</th>
              <th scope="col">{t.mergeResult}</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(base, mergee).map(({ key, text, values }) => (
              <tr key={key}>
                <th scope="row">{text}</th>
                {values.map((value, index) => (
                  <td key={index}>
                    <bdi>{value}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {trouble.value !== undefined && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={onClose}>
          {strings.cancel}
        </button>
        <button
          type="button"
          class="button-quiet"
          onClick={() => {
            isSwapped.value = !isSwapped.value
          }}
        >
          {t.mergeSwap}
        </button>
        <button
          type="button"
          class="button button-bad"
          aria-disabled={isWorking.value}
          onClick={() => void merge()}
        >
          {t.mergeIt}
        </button>
      </div>
    </>
  )
}

/** The fields of which one of the two has a value: that of the one that stays, of the other one, and of the result. */
function rowsOf(base: Contact, mergee: Contact) {
  const result = mergedContact(base, mergee)
  const row = (key: string, text: string, of: (contact: typeof result) => unknown) => ({
    key,
    text,
    values: [of(base), of(mergee), of(result)].map(shown),
  })
  const names = new Map(
    definitionsFor('contact_attribute').map((one) => [one.attribute_key, one.attribute_display_name]),
  )
  const rows = [
    row('name', t.name, ({ name }) => name),
    row('email', t.email, ({ email }) => email),
    row('phone_number', t.phone, ({ phone_number }) => phone_number),
    row('identifier', t.identifier, ({ identifier }) => identifier),
    row('labels', t.labels, ({ labels }) => labels.join(', ')),
    row('blocked', t.blocked, ({ blocked }) => (blocked ? t.yes : '')),
    ...Object.keys(result.custom_attributes).map((key) =>
      row(`custom ${key}`, names.get(key) ?? key, ({ custom_attributes }) => custom_attributes[key]),
    ),
  ]
  return rows.filter(({ values }) => values.some((value) => value !== ''))
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? t.yes : t.no
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
