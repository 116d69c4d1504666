// What the two builds share: whether the result in dist/ is that of the sources as they are, and how it gets there. Plain
// JavaScript, so that it runs before anything else is known to work.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project or package. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Something that is built: a folder of sources, which of its files count, other files that count, and the result. */
export class Build {
  #folder
  #isSource
  #others
  #target

  constructor({ folder, isSource, others, target }) {
    this.#folder = folder
    this.#isSource = isSource
    this.#others = others
    this.#target = join(root, target)
  }

  /** Whether the result is that of the sources. A package has none, so it always is. */
  isFresh() {
    if (!existsSync(join(root, this.#folder))) return true
    const stamp = join(this.#target, 'sources.txt')
    return existsSync(stamp) && readFileSync(stamp, 'utf8') === this.#hash()
  }

  /** Runs `write` with a new folder, and puts it in the place of the old result, which a server may be using. */
  async replace(write) {
    const hash = this.#hash()
    const fresh = `${this.#target}.${process.pid}`
    await write(fresh)
    writeFileSync(join(fresh, 'sources.txt'), hash)
    rmSync(this.#target, { recursive: true, force: true })
    try {
      renameSync(fresh, this.#target)
    } catch (error) {
      // Another server that started at the same time has built the same.
      rmSync(fresh, { recursive: true, force: true })
      if (!this.isFresh()) throw error
    }
  }

  // Of the contents, because modification times change with every checkout and copy.
  #hash() {
    const hash = createHash('sha256')
    const files = readdirSync(join(root, this.#folder), { recursive: true })
      .filter((file) => this.#isSource.test(file) && !file.endsWith('.test.ts'))
      .sort()
      .map((file) => `${this.#folder}/${file}`)
    for (const file of [...files, ...this.#others, 'bin/sources.mjs']) {
      hash.update(`${file}\0`).update(readFileSync(join(root, file)))
    }
    return hash.digest('hex')
  }
}

/** Runs the build of a file in another process. Problems are reported on standard error. */
export function runBuild(url, what) {
  process.stderr.write(`Building ${what} ...\n`)
  spawnSync(process.execPath, [fileURLToPath(url)], { stdio: ['ignore', 2, 2] })
}
