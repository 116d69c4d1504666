import type { Message } from '../data/api-types.ts'
import { filePath } from '../file-path.ts'
import { fileSizeText } from '../file-size.ts'
import { Icon } from '../icons.tsx'
import { showPicture } from '../pictures/shown-picture.ts'

type Attachment = Message['attachments'][number]

// The size of the server's thumbnails, in pixels.
const largest = 320

/** The files of a message: pictures, sound and film are shown, others can be downloaded. */
export function Attachments({ message: { attachments } }: { message: Message }) {
  if (attachments.length === 0) return null
  return (
    <ul class="attachments">
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <Shown attachment={attachment} pictures={attachments.filter(isPicture)} />
        </li>
      ))}
    </ul>
  )
}

function isPicture({ file_type, thumb_url }: Attachment): boolean {
  return file_type === 'image' && thumb_url !== null
}

function Shown({ attachment, pictures }: { attachment: Attachment; pictures: readonly Attachment[] }) {
  const { file_type, file_name, file_size, thumb_url, width, height } = attachment
  const file = filePath(attachment.data_url)
  if (file_type === 'image' && thumb_url && width && height) {
    const scale = Math.min(1, largest / Math.max(width, height))
    return (
      <a
        href={file}
        target="_blank"
        rel="noopener noreferrer"
        title={file_name}
        onClick={(event) => {
          // With these keys, a browser opens a new tab or downloads it.
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
          event.preventDefault()
          showPicture(pictures, attachment)
        }}
      >
        <img
          src={filePath(thumb_url)}
          alt={file_name}
          width={Math.round(width * scale)}
          height={Math.round(height * scale)}
          loading="lazy"
        />
      </a>
    )
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written any */}
      {file_type === 'audio' && <audio controls preload="none" src={file} aria-label={file_name} />}
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written any */}
      {file_type === 'video' && <video controls preload="none" src={file} aria-label={file_name} />}
      <a class="attachment-file" href={file} download={file_name} target="_blank" rel="noopener noreferrer">
        <Icon name="file" /> <bdi>{file_name}</bdi> <span class="quiet">{fileSizeText(file_size)}</span>
      </a>
    </>
  )
}
