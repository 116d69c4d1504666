import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface Props {
  title: string
  lead: string
  children: ComponentChildren
  /** The text of the button that hides the panel. */
  action: string
  hide(): void
}

/** What is shown only once, such as a new token. It takes the focus from the form or button that has made it. */
export function SecretPanel({ title, lead, children, action, hide }: Props) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    panel.current!.focus()
    panel.current!.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section class="panel panel-secret" ref={panel} tabIndex={-1} aria-label={title}>
      <h2>{title}</h2>
      <p>{lead}</p>
      {children}
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={hide}>
          {action}
        </button>
      </div>
    </section>
  )
}
