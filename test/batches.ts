import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// Watch all of their process.
const alone = ['src/lib/outgoing.inside.test.ts']

/**
 * Writes files to `directory` of which each runs up to `size` test files, and returns their paths. A test file is a suite
 * there, with its path as its name. Neighbours, which often take long together, get into different batches.
 */
export function writeBatches(files: string[], directory: string, size: number): string[] {
  const together = files.filter((file) => !alone.includes(file))
  const count = Math.ceil(together.length / size)
  const batches = Array.from({ length: count }, (_, index) =>
    together.filter((_, position) => position % count === index),
  )
  const single = files.filter((file) => alone.includes(file)).map((file) => [file])
  return [...batches, ...single].map((batch, index) => {
    const path = join(directory, `${String(index).padStart(3, '0')}.test.mjs`)
    const suites = batch.map(
      (file) => `suite(${JSON.stringify(file)}, ${JSON.stringify(pathToFileURL(file).href)})\n`,
    )
    writeFileSync(path, header + suites.join(''))
    return path
  })
}

// Without a suite, the hooks of a file would apply to all files of its batch. That of local-servers.ts has to: a batch
// loads it once. The test runner waits for a process without end: one that still runs after its tests, for example
// because a hook that closes things has failed, says what keeps it and ends with a failure.
const header = `import { after, describe } from 'node:test'
import ${JSON.stringify(import.meta.resolve('./local-servers.ts'))}
const suite = (name, url) => void describe(name, async () => void (await import(url)))
after(() => {
  const end = () => {
    console.error('This process ran on for 30 seconds after its tests, with', process.getActiveResourcesInfo())
    process.exit(1)
  }
  setTimeout(end, 30_000).unref()
})
`
