import type { Attached } from '../data/api-types.ts'
import { Icon } from '../icons.tsx'
import { sizeText } from '../strings.ts'

// CSS pixels.
const largest = 240

/** The files of a message: pictures, sound and film are shown, others can be downloaded. */
export function Attachments({ attachments }: { attachments: Attached[] }) {
  if (attachments.length === 0) return null
  return (
    <ul class="files">
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <Shown attachment={attachment} />
        </li>
      ))}
    </ul>
  )
}

function Shown({ attachment }: { attachment: Attached }) {
  const { file_type, file_name, file_size, thumb_url, width, height } = attachment
  const file = here(attachment.data_url)
  if (file_type === 'image' && thumb_url && width && height) {
    const scale = Math.min(1, largest / Math.max(width, height))
    return (
      <a class="picture" href={file} target="_blank" rel="noopener noreferrer" title={file_name}>
        <img
          src={here(thumb_url)}
          alt={file_name}
          width={Math.round(width * scale)}
          height={Math.round(height * scale)}
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
      <a class="file" href={file} download={file_name} target="_blank" rel="noopener noreferrer">
        <Icon name="file" /> <bdi>{file_name}</bdi> <span class="quiet">{sizeText(file_size)}</span>
      </a>
    </>
  )
}

/** Links begin with the public address; the content security policy allows only the one that the frame was loaded from. */
function here(link: string): string {
  const { pathname, search } = new URL(link, location.origin)
  return pathname + search
}
