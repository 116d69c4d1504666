import type { FrameSettings } from '../../../../src/features/widget/schema.ts'

const written = document.querySelector<HTMLMetaElement>('meta[name=ndoto]')!.content

/** The settings that the server has written into the page. */
export const settings = JSON.parse(written) as FrameSettings
