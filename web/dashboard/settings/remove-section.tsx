import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { go } from '../router.ts'
import { Section } from './page.tsx'

interface Props {
  texts: {
    remove: string
    removeThis: string
    removeLead: string
    removeTitle(name: string): string
    removeText: string
  }
  name: string
  /** The path in the API of what is removed. */
  path: string
  /** The page to go to afterwards. */
  to: string
  /** Loads the list that contained it, if it does not follow the events. */
  reload?: () => Promise<unknown>
}

/** The last part of a page of the settings: a button that removes what the page is about, after a question. */
export function RemoveSection({ texts, name, path, to, reload }: Props) {
  const remove = async () => {
    const question = { title: texts.removeTitle(name), text: texts.removeText, action: texts.remove }
    if (!(await confirmAction(question))) return
    if (!(await attempt(() => call(path, { method: 'DELETE' })))) return
    go(to, { replace: true })
    await reload?.().catch(() => {})
  }
  return (
    <Section title={texts.remove} lead={texts.removeLead}>
      <div class="buttons">
        <button type="button" class="button-quiet button-warn" onClick={() => void remove()}>
          {texts.removeThis}
        </button>
      </div>
    </Section>
  )
}
