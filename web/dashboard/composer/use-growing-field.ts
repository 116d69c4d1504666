import { useLayoutEffect } from 'preact/hooks'

const growsByItself = CSS.supports('field-sizing', 'content')

/** Makes a field as high as its text, up to the maximum in the style sheet. Slow, so only if the browser cannot. A hook. */
export function useGrowingField(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    if (growsByItself) return
    const element = field.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [text])
}
