import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { theme } from '../data/preferences.ts'
import { strings } from '../strings.ts'
import { cleanMail, longestHtml } from './clean-mail.ts'
import { mailStrings as t } from './strings.ts'

// Without `allow-scripts`: no script runs in it. The headers of the page in the frame say the same.
const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'
/** Pixels. A longer mail scrolls in its frame. */
const highest = 20_000
// Milliseconds between two looks at the height while pictures are loading, and until nobody waits for them any more.
const look = 250
const longestWait = 20_000

interface Props {
  html: string
  /** The paths of pictures that came with the mail, by their content id. */
  pictures: ReadonlyMap<string, string>
}

/** The HTML of a mail, cleaned, in a frame that runs and requests nothing. */
export function MailFrame({ html, pictures }: Props) {
  const showsPictures = useSignal(false)
  const isBlocking = useSignal(false)
  if (html.length > longestHtml) return <p class="quiet">{t.tooLong}</p>
  return (
    <div class="mail-original">
      {isBlocking.value && (
        <p class="mail-blocked">
          {t.blocked}{' '}
          <button type="button" class="button-link" onClick={() => (showsPictures.value = true)}>
            {t.showPictures}
          </button>
        </p>
      )}
      <Frame
        key={String(showsPictures.value)}
        html={html}
        pictures={pictures}
        showsPictures={showsPictures.value}
        onClean={(isBlockingSome) => (isBlocking.value = isBlockingSome)}
      />
    </div>
  )
}

interface FrameProps extends Props {
  showsPictures: boolean
  onClean(isBlocking: boolean): void
}

function Frame({ html, pictures, showsPictures, onClean }: FrameProps) {
  const place = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLIFrameElement>(null)
  const filled = useRef<{ paper: HTMLElement; mail: HTMLElement } | undefined>(undefined)
  const hasFailed = useSignal(false)
  const stop = useMemo(() => new AbortController(), [])

  const fill = () => {
    const { contentWindow, contentDocument } = frame.current!
    const mail = contentDocument?.getElementById('mail')
    hasFailed.value = !mail
    if (!contentWindow || !mail) return
    const { body, isBlocking, hasColors } = cleanMail(contentWindow, html, { showsPictures, pictures })
    const paper = contentDocument!.documentElement
    paper.toggleAttribute('data-paper', hasColors)
    for (const { name, value } of body.attributes) mail.setAttribute(name, value)
    mail.id = 'mail'
    mail.replaceChildren(...body.childNodes)
    filled.current = { paper, mail }
    place.current!.dataset.filled = ''
    onClean(isBlocking)
    followTheme()
    void followHeight(mail)
  }
  const followTheme = () => {
    const { paper } = filled.current ?? {}
    if (!paper) return
    const isPaper = paper.hasAttribute('data-paper')
    // A frame whose scheme is not that of its element has a ground of its own.
    frame.current!.style.colorScheme = isPaper ? 'light' : ''
    paper.style.colorScheme = getComputedStyle(frame.current!).colorScheme
  }
  const followHeight = async (mail: HTMLElement) => {
    const pending = [...mail.getElementsByTagName('img')]
    const end = performance.now() + longestWait
    fit()
    while (pending.some((picture) => !picture.complete) && performance.now() < end && !stop.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, look))
      fit()
    }
  }
  /** Makes the frame as high as the mail. */
  const fit = () => {
    if (!filled.current || !place.current || !frame.current) return
    const { mail, paper } = filled.current
    // Without a height first, or a mail as high as its window and a bit more would grow each time. The place keeps it.
    frame.current.style.blockSize = '0'
    const bar = paper.scrollWidth > paper.clientWidth ? 17 : 0
    const height = Math.min(highest, Math.ceil(mail.scrollHeight) + bar)
    place.current.style.blockSize = `${height}px`
    frame.current.style.blockSize = '100%'
  }
  useEffect(followTheme, [theme.value])
  useEffect(() => {
    let width = 0
    const observer = new ResizeObserver(([entry]) => {
      // Not for heights, which this sets.
      if (entry!.contentRect.width !== width) fit()
      width = entry!.contentRect.width
    })
    observer.observe(place.current!)
    return () => {
      stop.abort()
      observer.disconnect()
    }
  }, [])
  return (
    <>
      <div class="mail-frame" ref={place} hidden={hasFailed.value}>
        <iframe
          ref={frame}
          title={t.original}
          sandbox={sandbox}
          src={showsPictures ? '/mail-frame/pictures' : '/mail-frame'}
          onLoad={fill}
        />
      </div>
      {hasFailed.value && <p role="alert">{strings.notReached}</p>}
    </>
  )
}
