import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { CallError } from '../../shared/api.ts'
import type { Message } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { filePath } from '../file-path.ts'
import { strings } from '../strings.ts'
import { contentIdOf } from './clean-mail.ts'
import { MailFrame } from './mail-frame.tsx'
import { mailStrings as t } from './strings.ts'

/** The HTML of a mail, which is loaded when somebody wants to see it. `path` is that of its source in the API. */
export function Original({ path, message: { attachments } }: { path: string; message: Message }) {
  const html = useSignal<string | null | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const load = () => {
    trouble.value = undefined
    call<{ html: string | null }>(path).then(
      (found) => {
        html.value = found.html
      },
      (error: CallError) => {
        trouble.value = error.message
      },
    )
  }
  useEffect(load, [path])
  const pictures = useMemo(() => {
    const inline = attachments as readonly { data_url: string; content_id?: string | null }[]
    return new Map(
      inline.flatMap(({ content_id, data_url }) =>
        content_id ? [[contentIdOf(content_id), filePath(data_url)]] : [],
      ),
    )
  }, [attachments])
  if (trouble.value !== undefined) {
    return (
      <p role="alert">
        {strings.complaint(trouble.value)}{' '}
        <button type="button" class="button-link" onClick={load}>
          {strings.retry}
        </button>
      </p>
    )
  }
  if (html.value === undefined) return <p class="quiet">{strings.loading}</p>
  if (html.value === null) return <p class="quiet">{t.noHtml}</p>
  return <MailFrame html={html.value} pictures={pictures} />
}
