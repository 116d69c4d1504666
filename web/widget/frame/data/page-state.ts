import { signal } from '@preact/signals'
import type { FrameSettings } from '../../../../src/features/widget/schema.ts'
import type { Appearance } from '../../protocol.ts'
import { settings } from './settings.ts'
import { keep, read } from './visitor-storage.ts'

/** Whether the panel is open; it stays so on the next page of the website in this tab. */
export const isOpen = signal(read('open', 'session') === true)
/** Whether the tab is visible. */
export const isVisible = signal(document.visibilityState === 'visible')
/** Whether the website is as narrow as a phone, so that the panel covers it. */
export const isPhone = signal(false)

/** What the widget looks like on this page. */
export const appearance = signal<Appearance & Pick<FrameSettings, 'position'>>(settings)

document.addEventListener('visibilitychange', () => {
  isVisible.value = document.visibilityState === 'visible'
})

export function setOpen(open: boolean): void {
  isOpen.value = open
  keep('open', open || undefined, 'session')
}
