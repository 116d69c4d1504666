import { useRef } from 'preact/hooks'
import { attach } from '../data/pending-files.ts'
import { strings } from '../strings.ts'
import { IconButton } from './icon-button.tsx'

interface Props {
  conversation: number
  /** The field to which it returns. */
  field?: { current: HTMLTextAreaElement | null }
}

/** Lets the person choose files for the draft of a conversation. */
export function AttachButton({ conversation, field }: Props) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void attach(conversation, currentTarget.files!)
          // So that the same file can be chosen again.
          currentTarget.value = ''
          field?.current?.focus()
        }}
      />
      <IconButton icon="clip" name={strings.composer.attach} onClick={() => chooser.current!.click()} />
    </>
  )
}
