import type { FrameSettings } from '../../../../src/features/widget/schema.ts'

const written = document.querySelector<HTMLMetaElement>('meta[name=ndoto]')!.content

/** What the server says of the inbox. */
export const settings = JSON.parse(written) as FrameSettings
