import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import { path } from '../router.ts'
import { strings } from '../strings.ts'

interface PageProps {
  title: string
  lead?: string | undefined
  /** Where the page that this one belongs to is. */
  back?: { to: string; name: string }
  /** What stands beside the title. */
  action?: ComponentChildren
  children: ComponentChildren
}

let shownBefore: string | undefined

/** A page of the settings: its title, and what there is to see and to do. */
export function Page({ title, lead, back, action, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Who comes by a link goes on reading at the title of the page; who has loaded the page begins at its top.
    if (shownBefore !== undefined && shownBefore !== path.value) heading.current!.focus()
    shownBefore = path.value
  }, [])
  useEffect(() => {
    document.title = `${title} · ${strings.productName}`
    return () => {
      document.title = strings.productName
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

/** A part of a page under a heading of its own. */
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
