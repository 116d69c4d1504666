import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { fileSizeText } from '../file-size.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { IconButton } from './icon-button.tsx'

interface Props {
  files: readonly { name: string; size: number }[]
  /** How much of all files has been sent, from 0 to 1. */
  sent?: number | undefined
  onRemove?(index: number): void
}

/** Files to be sent: a chip for each with picture, name, size and progress. */
export function FileChips({ files, sent, onRemove }: Props) {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let before = 0
  return (
    <ul class="files" aria-label={strings.composer.files}>
      {files.map((file, index) => {
        const { name, size } = file
        // They are sent one after another.
        const share = sent === undefined ? undefined : (sent * total - before) / Math.max(1, size)
        before += size
        return (
          <li key={`${index} ${name}`} class="file">
            {file instanceof File ? <Thumbnail file={file} /> : <Icon name="file" />}
            <span class="file-name" title={name}>
              <bdi>{name}</bdi>
            </span>
            <span class="file-size">{fileSizeText(size)}</span>
            {share !== undefined && (
              <progress
                class="file-progress"
                value={Math.min(1, Math.max(0, share))}
                aria-label={strings.thread.uploaded(name)}
              />
            )}
            {onRemove && (
              <IconButton icon="close" name={strings.composer.remove(name)} onClick={() => onRemove(index)} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

// Not SVG, which may be huge or slow to draw.
const drawn = /^image\/(?:png|jpeg|gif|webp|avif)$/

function Thumbnail({ file }: { file: File }) {
  const isBroken = useSignal(!drawn.test(file.type))
  const url = useMemo(() => URL.createObjectURL(file), [file])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  if (isBroken.value) return <Icon name="file" />
  return (
    <img
      class="file-thumbnail"
      src={url}
      alt=""
      decoding="async"
      onError={() => {
        isBroken.value = true
      }}
    />
  )
}
