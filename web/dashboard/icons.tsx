/* Our own icons, 20 by 20, in the colour of the text. */
const shapes = {
  chat: 'M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z',
  settings: 'M3 6h8m4 0h2M3 14h2m4 0h8M13 4v4M7 12v4',
  search: 'M9 14.5a5.5 5.5 0 1 1 0-11 5.5 5.5 0 0 1 0 11zm4-1.5 4 4',
  check: 'm4 10.5 4 4 8-9',
  checks: 'm2 10.5 4 4 7-8.5m-2 7.5 1 1 6-8.5',
  clock: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zm0-11v4l3 2',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  warning: 'M10 3.5 17.5 16.5h-15zM10 8.5v3.5m0 2v.4',
  back: 'm12 4-6 6 6 6',
  down: 'm5 8 5 5 5-5',
  panel: 'M3 4h14v12H3zM12.5 4v12',
  close: 'm5 5 10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  filter: 'M3 5h14M6 10h8M8.5 15h3',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  edit: 'm4 13-.5 3.5L7 16l8.5-8.5-3-3zm7-7 3 3',
  trash: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 9v4.5m3-4.5v4.5',
  moon: 'M15.5 12.5A6.5 6.5 0 0 1 7.5 4a6.5 6.5 0 1 0 8 8.5z',
  leave: 'M8 3.5H4v13h4M8 10h9m-3.5-3.5L17 10l-3.5 3.5',
  flag: 'M5 17V3.5h9l-2 3.5 2 3.5H5',
  send: 'M3.5 10 17 4l-4 13-3-5.5zm6.5 1.5L17 4',
  reply: 'M8 5 3.5 9.5 8 14m-4-4.5h8a4.5 4.5 0 0 1 4.5 4.5v1.5',
  forward: 'm12 5 4.5 4.5L12 14m4-4.5H8A4.5 4.5 0 0 0 3.5 14v1.5',
  file: 'M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15',
  clip: 'm16 9.5-6.2 6.2a3.6 3.6 0 0 1-5.1-5.1l6.6-6.6a2.4 2.4 0 0 1 3.4 3.4l-6.5 6.5a1.2 1.2 0 0 1-1.7-1.7l5.8-5.8',
  up: 'm5 12 5-5 5 5',
  sun: 'M10 13.5a3.5 3.5 0 1 1 0-7 3.5 3.5 0 0 1 0 7zM10 2v1.5m0 13V18M2 10h1.5m13 0H18M4.3 4.3l1.1 1.1m9.2 9.2 1.1 1.1m0-11.4-1.1 1.1m-9.2 9.2-1.1 1.1',
  contrast: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zm0-14v14m0-11h3.7M10 9h6.8M10 12h6.6m-6.6 3h4.5',
  help: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM7.8 8a2.2 2.2 0 1 1 3.4 1.8c-.8.5-1.2.9-1.2 1.9m0 2v.2',
  command: 'M3.5 4h13v12h-13zM6.5 8l2 2-2 2m4 .5h3',
  person: 'M10 10a3 3 0 1 1 0-6 3 3 0 0 1 0 6zm-6 6.5a6 6 0 0 1 12 0',
  people:
    'M7.5 10a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5zm-5 6a5 5 0 0 1 10 0m.5-6a2.5 2.5 0 1 0-1.2-4.7M14.5 11.6a5 5 0 0 1 3 4.4',
  tag: 'M3.5 3.5h6l7 7-6 6-7-7zM7 7h.01',
  bolt: 'M11.5 2.5 4.5 11.5H9l-.5 6 7-9H11z',
  code: 'm7 6-4 4 4 4m6-8 4 4-4 4',
  bell: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3M10 4V2.5',
  bellOff: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3M10 4V2.5M3 3l14 14',
  bold: 'M6 4h5a3 3 0 0 1 0 6H6zm0 6h5.8a3 3 0 0 1 0 6H6z',
  italic: 'M8.5 4h6m-9 12h6M12 4 8 16',
  list: 'M8 5h9M8 10h9M8 15h9M4 5h.01M4 10h.01M4 15h.01',
  numbers: 'M8.5 5H17M8.5 10H17M8.5 15H17M3 4l1.2-.7V7M3 12.7h2.3L3 15.7h2.5',
  quote: 'M8.5 6C6 6.5 4.5 8 4.5 11v3h4v-4h-2m9-4c-2.5.5-4 2-4 5v3h4v-4h-2',
  next: 'm8 4 6 6-6 6',
  play: 'M6 4v12l10-6z',
  smile: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM7.2 11.5a3.3 3.3 0 0 0 5.6 0M7.7 8v.1M12.3 8v.1',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zm8 2.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  merge: 'M5 3.5v3c0 2.5 5 2.5 5 6v4M15 3.5v3c0 2.5-5 2.5-5 6m-2.5 1.5 2.5 2.5 2.5-2.5',
  split: 'M10 16.5v-4c0-3.5-5-3.5-5-6v-3M10 12.5c0-3.5 5-3.5 5-6v-3M3 5.5l2-2 2 2m6 0 2-2 2 2',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1m1.3 3a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1',
} as const

export type IconName = keyof typeof shapes

/** An icon next to a label; hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  )
}
