import createPurifier, { type Config } from 'dompurify'

/** The HTML of a mail as elements that are safe to show in the frame. */
export interface CleanMail {
  body: Element
  /** Whether pictures of other servers were left out. */
  isBlocking: boolean
  /** Whether the mail sets colours, which rarely suit a dark ground. */
  hasColors: boolean
}

interface Options {
  /** Whether pictures of other servers are shown. */
  showsPictures: boolean
  /** The paths of pictures that came with the mail, by their content id. */
  pictures: ReadonlyMap<string, string>
}

/** Characters. Longer HTML would keep the page busy for a second and more. */
export const longestHtml = 500_000

const tags = `a abbr address area article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd
  del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark
  nav ol p pre q s samp section small span strike strong style sub summary sup table tbody td tfoot th thead time tr tt
  u ul var wbr`
const attributes = `align alt bgcolor border cellpadding cellspacing class color cols colspan coords dir face headers height
  href hspace id lang name nowrap open reversed rowspan rules scope shape size span src start style summary title type
  usemap valign value vspace width`

const config: Config & { RETURN_DOM: true } = {
  ALLOWED_TAGS: tags.split(/\s+/),
  ALLOWED_ATTR: attributes.split(/\s+/),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // Without it, a style sheet at the beginning is lost.
  FORCE_BODY: true,
  RETURN_DOM: true,
}

const remoteInStyle = /url\(\s*["']?\s*(?:https?:)?\/\//i
const colorInStyle = /(?:^|[;{\s])(?:background|background-color|color)\s*:/i

/**
 * Cleans the HTML of a mail with the parser of the frame that will show it: the page itself parses no markup, and its
 * content security policy forbids it.
 */
export function cleanMail(frame: Window, html: string, { showsPictures, pictures }: Options): CleanMail {
  const purifier = createPurifier(frame as unknown as Window & typeof globalThis)
  let isBlocking = false
  let hasColors = false
  const notice = (style: string) => {
    isBlocking ||= remoteInStyle.test(style)
    hasColors ||= colorInStyle.test(style)
  }
  purifier.addHook('beforeSanitizeElements', (node) => {
    if (node.nodeName !== 'STYLE') return
    // Word hides style sheets from browsers of 1996 in comments, and what looks like markup in them is removed.
    node.textContent = (node.textContent ?? '').replace(/<!--|-->/g, '')
    notice(node.textContent)
  })
  purifier.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName === 'A' || node.nodeName === 'AREA') openOutside(node)
    const source = node.getAttribute('src')
    if (source !== null) {
      const shown = node.nodeName === 'IMG' ? sourceOf(source) : undefined
      if (shown === undefined) node.removeAttribute('src')
      else node.setAttribute('src', shown)
    }
    notice(node.getAttribute('style') ?? '')
    hasColors ||= node.hasAttribute('bgcolor') || node.hasAttribute('color')
  })
  function sourceOf(source: string): string | undefined {
    if (/^cid:/i.test(source)) return pictures.get(contentIdOf(source.slice(4)))
    if (/^data:image\//i.test(source)) return source
    if (!/^https?:\/\//i.test(source)) return undefined
    if (showsPictures) return source
    isBlocking = true
    return undefined
  }
  const body = purifier.sanitize(html, config)
  return { body, isBlocking: isBlocking && !showsPictures, hasColors }
}

/** Links open in a new tab that knows nothing of this one, and only those to websites and mail addresses. */
function openOutside(link: Element): void {
  const target = link.getAttribute('href') ?? ''
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return link.removeAttribute('href')
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
}

/** A content id as it is written in `cid:` addresses and in headers, without what the two add to it. */
export function contentIdOf(text: string): string {
  const bare = text.trim().replace(/^<|>$/g, '')
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
