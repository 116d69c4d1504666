import { enterSends } from '../data/preferences.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { keyNames, keyText } from '../parts/keys.ts'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { strings } from '../strings.ts'

const t = strings.help

/** The list of keyboard shortcuts. */
export function Help() {
  const lines = [
    ...keyNames.map((name) => ({ key: keyText(name), text: strings.keys[name] })),
    ...(enterSends.value ? t.whereEnterSends : t.whereEnterBreaks),
    ...t.everywhere,
  ]
  return (
    <Overlay name="help" label={t.title}>
      <header class="help-head">
        <h2>{t.title}</h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      {/* Keyboards can scroll only what has the focus. */}
      <dl class="help-keys" tabIndex={0}>
        {lines.map(({ key, text }) => (
          <div key={key}>
            <dt>{text}</dt>
            <dd>
              <kbd>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Overlay>
  )
}
