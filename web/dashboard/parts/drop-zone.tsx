import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { attach } from '../data/pending-files.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'

/** Attaches files that are dropped on `target`, and shows a hint while files are dragged over it. */
export function DropZone({
  target,
  conversation,
}: {
  target: RefObject<HTMLElement | null>
  conversation: number
}) {
  const isOver = useSignal(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const isInside = ({ target: hovered }: Event) => target.current?.contains(hovered as Node) ?? false
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return
      // Outside the target, too: the browser would leave the page and open the file.
      event.preventDefault()
      isOver.value = isInside(event)
      event.dataTransfer!.dropEffect = isOver.value ? 'copy' : 'none'
    }
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false
    }
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      isOver.value = false
      if (isInside(event)) void attach(conversation, event.dataTransfer!.files)
    }
    document.addEventListener('dragover', onOver)
    document.addEventListener('dragleave', onLeave)
    document.addEventListener('drop', onDrop)
    return () => {
      document.removeEventListener('dragover', onOver)
      document.removeEventListener('dragleave', onLeave)
      document.removeEventListener('drop', onDrop)
    }
  }, [conversation])
  if (!isOver.value) return null
  return (
    <p class="drop">
      <Icon name="clip" /> {strings.composer.drop}
    </p>
  )
}
