// Makes the icons of the installed dashboard from its icon, in the formats that systems ask for.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** Writes the icons into a folder, which the manifest and the page name. */
export async function writeIcons(svgFile, folder) {
  const svg = readFileSync(svgFile, 'utf8')
  const write = (name, source, size) =>
    sharp(Buffer.from(source), { density: 72 * (size / 32) })
      .resize(size, size)
      .png({ compressionLevel: 9 })
      .toFile(join(folder, `${name}.png`))
  await write('icon-192', svg, 192)
  await write('icon-512', svg, 512)
  // Systems cut these to their own shape: nothing that matters is outside of the middle.
  const padded = svg.replace(
    ' viewBox="0 0 32 32">',
    ' viewBox="-10 -9.5 52 52"><rect x="-10" y="-10" width="53" height="53" fill="#fff"/>',
  )
  if (padded === svg) throw new Error(`${svgFile} has another viewBox`)
  await write('icon-maskable', padded, 512)
  await write('apple-touch-icon', padded, 180)
  // Android shows only the transparency of what is in its status bar.
  const outline = svg.replaceAll(/<path [^>]*stroke="#fff"[^>]*\/>/g, '').replaceAll('#2b5fd9', '#fff')
  await write('badge', outline, 96)
}
