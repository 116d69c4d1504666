/* Our own icons, 20 by 20, in the colour of the text. */
const shapes = {
  chat: 'M10 3.2c4.1 0 7.3 2.7 7.3 6.2s-3.2 6.2-7.3 6.2c-.8 0-1.6-.1-2.3-.3L4 16.8l.9-3.2C3.5 12.5 2.7 11 2.7 9.4c0-3.5 3.2-6.2 7.3-6.2z',
  down: 'm5 7.5 5 5 5-5',
  close: 'm5 5 10 10M15 5 5 15',
  send: 'M10 16V4m-5 5 5-5 5 5',
  clip: 'm16.5 9.5-6.2 6.2a3.9 3.9 0 0 1-5.5-5.5l6.4-6.4a2.6 2.6 0 0 1 3.7 3.7l-6.2 6.2a1.3 1.3 0 0 1-1.9-1.9l5.6-5.6',
  smile: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM7.2 11.5a3.3 3.3 0 0 0 5.6 0M7.7 8v.1M12.3 8v.1',
  bell: 'M5.5 14V9a4.5 4.5 0 0 1 9 0v5l1 1h-11zM8.5 17h3',
  muted: 'M5.5 14V9a4.5 4.5 0 0 1 7.3-3.5M14.5 9v5l1 1h-11M8.5 17h3M4 4l12.5 12.5',
  file: 'M5.5 3h6L15 6.5V17H5.5zM11.5 3v3.5H15',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 1 0-14 7 7 0 0 1 0 14zm0-11v4l2.5 2',
} as const

/** An icon next to or instead of a label; hidden from screen readers. */
export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  )
}
