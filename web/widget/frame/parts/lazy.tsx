import { useSignal } from '@preact/signals'
import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

interface Props<Inner extends object> {
  load(): Promise<ComponentType<Inner>>
  props: Inner
  /** Shown until it is loaded, and if it cannot be. */
  meanwhile?: ComponentChildren
  /** Shown if it cannot be loaded: there is no network, or the server was updated since the page was loaded. */
  otherwise?: string
}

/** A part of the page that is loaded when it is first shown. */
export function Lazy<Inner extends object>({ load, props, meanwhile, otherwise }: Props<Inner>) {
  const found = useSignal<{ Part?: ComponentType<Inner>; hasFailed?: boolean }>({})
  useEffect(() => {
    load().then(
      (Part) => {
        found.value = { Part }
      },
      () => {
        found.value = { hasFailed: true }
      },
    )
  }, [])
  const { Part, hasFailed } = found.value
  if (Part) return <Part {...props} />
  return hasFailed && otherwise ? <p class="bad">{otherwise}</p> : meanwhile
}
