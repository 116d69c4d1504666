import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'

/**
 * Returns a component that shows `Meanwhile` until its part of the program is loaded, and stays with it if that fails: for
 * what adds to a page that can be used without it. The part is loaded once, when the component is first shown.
 */
export function late<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  Meanwhile: FunctionComponent<P>,
): FunctionComponent<P> {
  const part = signal<{ Shown: FunctionComponent<P> }>({ Shown: Meanwhile })
  let isStarted = false
  const start = async () => {
    if (isStarted) return
    isStarted = true
    try {
      part.value = { Shown: await load() }
    } catch {
      // The next one that is shown tries again.
      isStarted = false
    }
  }
  return function Late(props: P) {
    useEffect(() => void start(), [])
    const { Shown } = part.value
    return <Shown {...props} />
  }
}
