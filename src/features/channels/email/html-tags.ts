/*
 * What the HTML of mails consists of. Each function reads a part of it, and its cost grows with the length of that only.
 */

/** Elements whose content is not shown. */
export const skipped = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'svg'])

/** A part of HTML that begins with `<`. */
export interface Tag {
  /** In lower case; '' if it is no element. */
  name: string
  isClosing: boolean
  /** What is between the brackets, or the text if it is no element. */
  text: string
  end: number
}

/** The tag that begins at `start`, or what else the sign means there. */
export function tagAt(html: string, start: number): Tag {
  const none = { name: '', isClosing: false, text: '' }
  if (html.startsWith('<!--', start)) {
    const end = html.indexOf('-->', start + 4)
    return { ...none, end: end === -1 ? html.length : end + 3 }
  }
  const [, slash, name] = /^(\/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})/.exec(html.slice(start + 1, start + 33)) ?? []
  if (name === undefined && !/[!?/]/.test(html[start + 1] ?? ''))
    return { ...none, text: '<', end: start + 1 }
  const end = html.indexOf('>', start)
  if (name === undefined) return { ...none, end: end === -1 ? html.length : end + 1 }
  const stop = end === -1 ? html.length : end
  return {
    name: name.toLowerCase(),
    isClosing: slash === '/',
    text: html.slice(start + 1, Math.min(stop, start + 4000)),
    end: Math.min(stop + 1, html.length),
  }
}

/** Returns the index at which the element ends that begins before `from`; undefined if it has no end. */
export function endOfElement(html: string, from: number, name: string): number | undefined {
  for (let at = html.indexOf('</', from); at !== -1; at = html.indexOf('</', at + 2)) {
    const end = at + 2 + name.length
    if (html.slice(at + 2, end).toLowerCase() !== name || /[a-z0-9]/i.test(html[end] ?? '')) continue
    const close = html.indexOf('>', end)
    return close === -1 ? html.length : close + 1
  }
  return undefined
}

const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const entities: Record<string, string> = {
  ...Object.fromEntries(latin.split(' ').map((name, index) => [name, String.fromCharCode(160 + index)])),
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", euro: '€', hellip: '…', mdash: '—', ndash: '–' },
  ...{ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', bull: '•', trade: '™' },
  ...{ zwnj: '', zwj: '', ensp: ' ', emsp: ' ', thinsp: ' ', rarr: '→', larr: '←', check: '✓' },
}

/** HTML text as it is read. Entities that it does not know stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,8}));?/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
  )
}
