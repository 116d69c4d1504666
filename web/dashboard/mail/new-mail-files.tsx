import { useEffect, useRef } from 'preact/hooks'
import { Refusals } from '../composer/refusals.tsx'
import { attach, newConversation, pendingFilesOf } from '../data/pending-files.ts'
import { AttachButton } from '../parts/attach-button.tsx'
import { DropZone } from '../parts/drop-zone.tsx'
import { FileChips } from '../parts/file-chips.tsx'

interface Props {
  /** How much of the files has been sent, from 0 to 1; undefined before. */
  sent: number | undefined
}

/** The files of a new mail: chosen, dropped on the dialog, or pasted into it. They go with the dialog. */
export function NewMailFiles({ sent }: Props) {
  const { files, refusals } = pendingFilesOf(newConversation)
  const dialog = useRef<HTMLElement | null>(null)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    dialog.current = place.current!.closest('dialog')
    const paste = (event: ClipboardEvent) => {
      const { files: pasted, types } = event.clipboardData!
      // Office programs add a picture of the copied text.
      if (pasted.length === 0 || types.includes('text/plain')) return
      event.preventDefault()
      void attach(newConversation, pasted)
    }
    const field = dialog.current
    field?.addEventListener('paste', paste)
    return () => {
      field?.removeEventListener('paste', paste)
      files.value = []
      refusals.value = []
    }
  }, [])
  return (
    <div ref={place} class="new-mail-files">
      <DropZone target={dialog} conversation={newConversation} />
      <Refusals refusals={refusals} />
      {files.value.length > 0 && (
        <FileChips
          files={files.value}
          sent={sent}
          onRemove={(index) => {
            files.value = files.value.toSpliced(index, 1)
          }}
        />
      )}
      <AttachButton conversation={newConversation} />
    </div>
  )
}
