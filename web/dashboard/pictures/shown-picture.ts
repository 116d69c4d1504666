import { signal } from '@preact/signals'
import type { Message } from '../data/api-types.ts'
import { openOverlay } from '../parts/overlay.tsx'

type Attachment = Message['attachments'][number]

/** The pictures of a message, and which of them is shown. */
export const shownPictures = signal<{ all: readonly Attachment[]; at: number } | undefined>(undefined)

/** Shows a picture over the page. */
export function showPicture(all: readonly Attachment[], picture: Attachment): void {
  shownPictures.value = { all, at: all.indexOf(picture) }
  openOverlay('picture')
}
