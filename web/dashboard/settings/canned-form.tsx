import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { CannedResponse } from '../data/api-types.ts'
import { FileChips } from '../parts/file-chips.tsx'
import { cannedWords as t } from './canned-strings.ts'
import { RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'

interface CannedFormProps {
  response?: CannedResponse
  action: string
  /** Saves it. Returns what was saved; nothing if the form is left. */
  work(body: FormData): Promise<CannedResponse | undefined>
  /** Whether the user may decide who can use it. */
  mayHide: boolean
}

/** The form for a new or an existing canned response. */
export function CannedForm({ response, action, work, mayHide }: CannedFormProps) {
  const shortCode = useSignal(response?.short_code ?? '')
  const content = useSignal(response?.content ?? '')
  const visibility = useSignal(response?.visibility ?? 'account')
  const kept = useSignal(response?.attachments ?? [])
  const added = useSignal<readonly File[]>([])
  const chooser = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const send = async () => {
    const form = new FormData()
    form.append('short_code', shortCode.value.trim().replace(/^\//, ''))
    form.append('content', content.value)
    if (mayHide) form.append('visibility', visibility.value)
    if (response) form.append('attachment_ids', JSON.stringify(kept.value.map(({ id }) => id)))
    for (const file of added.value) form.append('attachments[]', file, file.name)
    const saved = await work(form)
    if (!saved) return
    kept.value = saved.attachments
    added.value = []
  }
  const remove = (index: number) => {
    const place = index - kept.value.length
    if (place < 0) kept.value = kept.value.toSpliced(index, 1)
    else added.value = added.value.toSpliced(place, 1)
    button.current!.focus()
  }
  const names = kept.value.map(({ file_name, file_size }) => ({ name: file_name, size: file_size }))
  const files = [...names, ...added.value]
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField
        name="short_code"
        label={t.shortCode}
        hint={t.shortCodeHint}
        placeholder={t.shortCodePlaceholder}
        value={shortCode}
      />
      <TextField name="content" label={t.content} hint={t.contentHint} value={content} rows={6} />
      {mayHide && (
        <RadioGroup
          name="visibility"
          label={t.visibility}
          value={visibility}
          options={(['account', 'mine'] as const).map((value) => ({ value, text: t.visibilities[value] }))}
        />
      )}
      {files.length > 0 && <FileChips files={files} onRemove={remove} />}
      <div>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            added.value = [...added.value, ...currentTarget.files!]
            // So that the same file can be chosen again.
            currentTarget.value = ''
          }}
        />
        <button ref={button} type="button" class="button-quiet" onClick={() => chooser.current!.click()}>
          {t.addFiles}
        </button>
      </div>
    </Form>
  )
}
