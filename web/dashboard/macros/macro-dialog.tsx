import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import './macros.css'
import type { Macro, MacroPreview } from '../data/api-types.ts'
import { macros, needMacros, previewMacro, runMacro } from '../data/macros.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { strings } from '../strings.ts'
import { Changes } from './changes.tsx'
import { chosenMacro } from './chosen-macro.ts'
import { macroStrings as t } from './strings.ts'

/** The dialog that runs a macro on a conversation, after it has shown what the macro would do. */
export function MacroDialog({ conversation }: { conversation: number }) {
  useEffect(needMacros, [])
  useEffect(
    () => () => {
      chosenMacro.value = undefined
    },
    [],
  )
  const macro = macros.value?.find(({ id }) => id === chosenMacro.value)
  return (
    <Overlay name="macro" label={t.title}>
      <header class="help-head">
        <h2>
          <bdi>{macro ? t.preview(macro.name) : t.title}</bdi>
        </h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      <div class="macro">
        {!macros.value && <p class="quiet">{strings.loading}</p>}
        {macro ? <Preview key={macro.id} macro={macro} conversation={conversation} /> : <Choice />}
      </div>
    </Overlay>
  )
}

function Choice() {
  if (macros.value?.length === 0) {
    return (
      <p>
        {t.none} <a href="/settings/macros/new">{t.create}</a>
      </p>
    )
  }
  return (
    <ul aria-label={t.choose}>
      {macros.value?.map(({ id, name }, index) => (
        <li key={id}>
          <button
            type="button"
            class="snooze-choice"
            ref={(button) => {
              // The dialog is open before the macros are loaded.
              if (index === 0) button?.focus()
            }}
            onClick={() => {
              chosenMacro.value = id
            }}
          >
            <bdi>{name}</bdi>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Preview({ macro, conversation }: { macro: Macro; conversation: number }) {
  const preview = useSignal<MacroPreview | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  useEffect(() => {
    previewMacro(macro.id, conversation).then(
      (found) => {
        preview.value = found
      },
      (error: Error) => {
        trouble.value = error.message
      },
    )
  }, [])
  const run = () => {
    closeOverlay()
    void runMacro(macro, conversation, strings.undo.macro)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section class="macro-preview" aria-label={t.whatItDoes} tabIndex={0}>
        {preview.value && <Changes preview={preview.value} />}
        {!preview.value && !trouble.value && <p class="quiet">{strings.loading}</p>}
      </section>
      <div role="alert">{trouble.value && <p class="trouble">{strings.complaint(trouble.value)}</p>}</div>
      <div class="buttons">
        <button
          type="button"
          class="button"
          ref={(button) => button?.focus()}
          aria-disabled={!preview.value}
          onClick={() => preview.value && run()}
        >
          {t.run}
        </button>
        <button type="button" class="button-quiet" onClick={() => (chosenMacro.value = undefined)}>
          {t.others}
        </button>
      </div>
    </>
  )
}
