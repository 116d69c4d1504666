import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that is removed at the end of the block that declares it with `using`. */
export interface TemporaryDirectory extends Disposable {
  path: string
}

/** Creates an empty directory, on a disk if possible. */
export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(base(), 'ndoto-bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Describes whether temporary directories are on a disk. */
export function directoryKind(): string {
  return isMemory(base()) ? 'memory (syncs cost nothing, so figures of writes are meaningless)' : 'disk'
}

// On many systems /tmp is in memory, where a sync costs nothing.
function base(): string {
  const preferred = tmpdir()
  return isMemory(preferred) && existsSync('/var/tmp') ? '/var/tmp' : preferred
}

function isMemory(path: string): boolean {
  const tmpfs = 0x01021994
  return statfsSync(path).type === tmpfs
}
