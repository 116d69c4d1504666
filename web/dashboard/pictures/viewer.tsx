import './viewer.css'
import { filePath } from '../file-path.ts'
import { fileSizeText } from '../file-size.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { strings } from '../strings.ts'
import { shownPictures } from './shown-picture.ts'

const t = strings.pictures

/** A picture as large as the window, with those before and after it in its message. */
export function PictureViewer() {
  const { all, at } = shownPictures.value!
  const { file_name, file_size, data_url } = all[at]!
  const file = filePath(data_url)
  const go = (step: number) => {
    shownPictures.value = { all, at: (at + step + all.length) % all.length }
  }
  return (
    <Overlay name="picture" label={t.title}>
      <header class="help-head">
        <h2 class="viewer-name" title={file_name}>
          <bdi>{file_name}</bdi>
        </h2>
        <span class="quiet">{fileSizeText(file_size)}</span>
        <a href={file} target="_blank" rel="noopener noreferrer">
          {t.original}
        </a>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons do the same */}
      <div
        class="viewer"
        onKeyDown={({ key }) => {
          if (all.length > 1 && key === 'ArrowRight') go(1)
          if (all.length > 1 && key === 'ArrowLeft') go(-1)
        }}
      >
        <img key={file} src={file} alt={file_name} />
        {all.length > 1 && (
          <p class="viewer-steps">
            <IconButton icon="back" name={t.previous} onClick={() => go(-1)} />
            <span role="status">{t.position(at + 1, all.length)}</span>
            <IconButton icon="next" name={t.next} onClick={() => go(1)} />
          </p>
        )}
      </div>
    </Overlay>
  )
}
