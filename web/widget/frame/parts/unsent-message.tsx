import { useEffect, useMemo } from 'preact/hooks'
import { discard, type Entry, sendAgain } from '../data/outbox.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { Text } from './text.tsx'

/** A message of the visitor that is not known to have arrived. */
export function UnsentMessage({ entry: { key, content, files = [], refused } }: { entry: Entry }) {
  const t = strings.value
  return (
    <div class="row" data-side="own" data-last data-unsent>
      <div class="column">
        {content && (
          <div class="bubble">
            <Text text={content} />
          </div>
        )}
        <ul class="files">
          {files.map((file) => (
            <li key={file.name}>
              <Preview file={file} />
            </li>
          ))}
        </ul>
        {refused === undefined ? (
          <p class="meta">{t.sending}</p>
        ) : (
          <p class="meta" role="alert">
            <span class="bad" title={refused}>
              {t.notSent}
            </span>{' '}
            <button type="button" class="plain" onClick={() => sendAgain(key)}>
              {t.again}
            </button>{' '}
            <button type="button" class="plain" onClick={() => discard(key)}>
              {t.discard}
            </button>
          </p>
        )}
      </div>
    </div>
  )
}

/** A file that has not been sent yet: a picture, or the name of the file. */
export function Preview({ file }: { file: File }) {
  const url = useMemo(() => (file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined), [file])
  useEffect(() => () => url && URL.revokeObjectURL(url), [url])
  if (url) return <img class="preview" src={url} alt={file.name} />
  return (
    <span class="file">
      <Icon name="file" /> <bdi>{file.name}</bdi>
    </span>
  )
}
