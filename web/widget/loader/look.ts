/*
 * Each property by itself and as important: that is stronger than any style sheet of the page, and is no inline style
 * that a content security policy would stop.
 */
function set(frame: HTMLIFrameElement, properties: Record<string, string>) {
  for (const name in properties) frame.style.setProperty(name, properties[name]!, 'important')
}

/** Whether the page is as narrow as a phone: there the panel covers it. */
export function isPhone(): MediaQueryList {
  return matchMedia('(max-width: 480px)')
}

/** Gives the frame its place; without a shape it is not seen. */
export function dress(
  frame: HTMLIFrameElement,
  shape: 'button' | 'panel' | undefined,
  position: 'right' | 'left',
  onPhone: boolean,
): void {
  const covers = shape === 'panel' && onPhone
  set(frame, {
    all: 'initial',
    position: 'fixed',
    bottom: '0',
    right: position === 'right' || covers ? '0' : 'auto',
    left: position === 'left' || covers ? '0' : 'auto',
    width: covers ? '100%' : shape === 'panel' ? '424px' : '96px',
    height: covers ? '100%' : shape === 'panel' ? '780px' : '96px',
    'max-width': '100%',
    'max-height': '100%',
    border: '0',
    'z-index': '2147483647',
    // As its content has it: else browsers paint a ground behind it.
    'color-scheme': 'light dark',
    // Not `display`: a frame that is not laid out may not load.
    visibility: shape ? 'visible' : 'hidden',
    'pointer-events': shape ? 'auto' : 'none',
  })
}
