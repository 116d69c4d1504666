import { constants } from 'node:fs'
import { access, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { makeDirectory } from '../lib/directory.ts'
import { notFound } from '../lib/errors.ts'
import type { Storage } from './storage.ts'

/** Stores files in a folder. Temporary files must be on the same file system, because they are moved, not copied. */
export function diskStorage(directory: string): Storage {
  return {
    async put(name, { path }) {
      const target = join(directory, name)
      await createDirectory(dirname(target))
      await rename(path, target)
      await syncDirectory(dirname(target))
    },

    async get(name, range) {
      const handle = await open(join(directory, name)).catch((error) => {
        throw error.code === 'ENOENT' ? notFound('file') : error
      })
      return handle.createReadStream(range)
    },

    async remove(name) {
      await rm(join(directory, name), { force: true })
    },

    async list() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const files = entries.filter((entry) => entry.isFile())
      return files.map(({ parentPath, name }) =>
        relative(directory, join(parentPath, name)).replaceAll('\\', '/'),
      )
    },

    async check() {
      await access(directory, constants.W_OK).catch((error) => {
        // It is created when it is first needed.
        if (error.code !== 'ENOENT') throw error
      })
    },
  }
}

/** Creates a folder if it does not exist, and flushes it to disk, so that it survives a power failure with its files. */
export async function createDirectory(path: string): Promise<void> {
  for (const created of makeDirectory(path)) await syncDirectory(dirname(created))
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot flush folders.
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
