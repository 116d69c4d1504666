import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Files that run in one process: most of what a small one costs is to load the server. */
const size = 8
// Watch all of their process.
const alone = ['src/lib/outgoing.inside.test.ts']

/**
 * Writes files to `directory` of which each runs several test files, and returns their paths. A test file is a suite
 * there, with its path as its name. Neighbours, which often take long together, get into different batches.
 */
export function writeBatches(files: string[], directory: string): string[] {
  const together = files.filter((file) => !alone.includes(file))
  const count = Math.ceil(together.length / size)
  const batches = Array.from({ length: count }, (_, index) => {
    const path = join(directory, `${String(index).padStart(3, '0')}.test.mjs`)
    const suites = together
      .filter((_, position) => position % count === index)
      .map((file) => `suite(${JSON.stringify(file)}, ${JSON.stringify(pathToFileURL(file).href)})\n`)
    writeFileSync(path, header + suites.join(''))
    return path
  })
  return [...batches, ...files.filter((file) => alone.includes(file))]
}

// Without a suite, the hooks of a file would apply to all files of its batch. That of local-servers.ts has to: a batch
// loads it once.
const header = `import { describe } from 'node:test'
import ${JSON.stringify(import.meta.resolve('./local-servers.ts'))}
const suite = (name, url) => void describe(name, async () => void (await import(url)))
`
