/** Sets the colour of the inbox, with black or white text, whichever is easier to read on it. */
export function paint(root: HTMLElement, color: string): void {
  root.style.setProperty('--accent', color)
  root.style.setProperty('--on-accent', luminance(color) > 0.183 ? '#000' : '#fff')
}

/** From 0 for black to 1 for white: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
