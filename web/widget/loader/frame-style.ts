/*
 * Each property is set on its own and as important: that overrides every style sheet of the page, and a content security
 * policy does not block it as it does a style attribute.
 */
function set(frame: HTMLIFrameElement, properties: Record<string, string>) {
  for (const name in properties) frame.style.setProperty(name, properties[name]!, 'important')
}

/** Whether the page is as narrow as a phone, so that the panel covers it. */
export function isPhone(): MediaQueryList {
  return matchMedia('(max-width: 480px)')
}

/** Sets size and position of the frame; without a shape it is invisible. `width` is that of the button. */
export function styleFrame(
  frame: HTMLIFrameElement,
  shape: 'button' | 'panel' | undefined,
  position: 'right' | 'left',
  onPhone: boolean,
  width = 56,
  colorScheme = 'light dark',
): void {
  const covers = shape === 'panel' && onPhone
  set(frame, {
    all: 'initial',
    position: 'fixed',
    bottom: '0',
    right: position === 'right' || covers ? '0' : 'auto',
    left: position === 'left' || covers ? '0' : 'auto',
    width: covers ? '100%' : shape === 'panel' ? '424px' : `${width + 40}px`,
    height: covers ? '100%' : shape === 'panel' ? '780px' : '96px',
    'max-width': '100%',
    'max-height': '100%',
    border: '0',
    'z-index': '2147483647',
    // The same as in the frame: otherwise browsers paint a background behind it.
    'color-scheme': colorScheme,
    // Not `display: none`: browsers may not load such a frame.
    visibility: shape ? 'visible' : 'hidden',
    'pointer-events': shape ? 'auto' : 'none',
  })
}
