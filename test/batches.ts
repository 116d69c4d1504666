import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Files that run in one process: most of what a small one costs is to load the server. */
const size = 8

/**
 * Writes files to `directory` of which each runs several test files, and returns their paths. A test file is a suite
 * there, with its path as its name. Neighbours, which often take long together, get into different batches.
 */
export function writeBatches(files: string[], directory: string): string[] {
  const count = Math.ceil(files.length / size)
  return Array.from({ length: count }, (_, index) => {
    const path = join(directory, `${String(index).padStart(3, '0')}.test.mjs`)
    const suites = files
      .filter((_, position) => position % count === index)
      .map((file) => `suite(${JSON.stringify(file)}, ${JSON.stringify(pathToFileURL(file).href)})\n`)
    writeFileSync(path, header + suites.join(''))
    return path
  })
}

// Without a suite, the hooks of a file would apply to all files of its batch. That of local-servers.ts has to: a batch
// loads it once.
const header = `import { describe } from 'node:test'
import ${JSON.stringify(import.meta.resolve('./local-servers.ts'))}
const suite = (name, url) => void describe(name, async () => void (await import(url)))
`
