import { constants } from 'node:fs'
import { access, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeDirectory } from '../lib/directory.ts'
import { notFound } from '../lib/errors.ts'
import type { Storage } from './storage.ts'

/** Files in a folder of this machine. What arrives must be on the same file system: it is moved, not copied. */
export function diskStorage(directory: string): Storage {
  return {
    async put(name, { path }) {
      const target = join(directory, name)
      await makeDurably(dirname(target))
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

    async check() {
      await access(directory, constants.W_OK).catch((error) => {
        // It is made when it is needed.
        if (error.code !== 'ENOENT') throw error
      })
    },
  }
}

/** Makes a folder where there is none: a power cut must not take it away with what was put into it. */
export async function makeDurably(path: string): Promise<void> {
  for (const made of makeDirectory(path)) await syncDirectory(dirname(made))
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no such thing.
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
