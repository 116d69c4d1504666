import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import { pageTitle } from '../page-title.ts'
import { path } from '../router.ts'
import { strings } from '../strings.ts'

interface PageProps {
  title: string
  lead?: string | undefined
  /** The parent page. */
  back?: { to: string; name: string }
  /** A button next to the title. */
  action?: ComponentChildren
  children: ComponentChildren
}

let shownBefore: string | undefined

/** A page of the settings. */
export function Page({ title, lead, back, action, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // After a click on a link the focus moves to the title; after loading the page it stays at the top. A new secret below
    // the title has taken it already.
    const hasFocus = heading.current!.closest('.page-inner')!.contains(document.activeElement)
    if (shownBefore !== undefined && shownBefore !== path.value && !hasFocus) heading.current!.focus()
    shownBefore = path.value
  }, [])
  useEffect(() => {
    pageTitle.value = `${title} · ${strings.productName}`
    return () => {
      pageTitle.value = strings.productName
    }
  }, [title])
  return (
    <div class="page-inner">
      <header class="page-head">
        {back && (
          <a class="page-back" href={back.to}>
            <Icon name="back" /> {back.name}
          </a>
        )}
        <div class="page-title">
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{title}</bdi>
          </h1>
          {action}
        </div>
        {lead && (
          <p class="quiet">
            <bdi>{lead}</bdi>
          </p>
        )}
      </header>
      {children}
    </div>
  )
}

/** A part of a page with a heading. */
export function Section({
  title,
  lead,
  children,
}: {
  title: string
  lead?: string
  children: ComponentChildren
}) {
  return (
    <section class="panel" aria-label={title}>
      <h2>{title}</h2>
      {lead && <p class="quiet">{lead}</p>}
      {children}
    </section>
  )
}
