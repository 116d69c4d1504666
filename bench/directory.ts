import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that is gone at the end of the block that took it with `using`. */
export interface TemporaryDirectory extends Disposable {
  path: string
}

/** Makes an empty directory on a disk. */
export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(base(), 'ndoto-bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Whether those directories are on a disk. */
export function directoryKind(): string {
  return isMemory(base()) ? 'memory (nothing is synced: no figure of writes means anything)' : 'disk'
}

// On many systems /tmp is memory, where a sync costs nothing.
function base(): string {
  const preferred = tmpdir()
  return isMemory(preferred) && existsSync('/var/tmp') ? '/var/tmp' : preferred
}

function isMemory(path: string): boolean {
  const tmpfs = 0x01021994
  return statfsSync(path).type === tmpfs
}
