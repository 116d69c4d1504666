import { parentPort, workerData } from 'node:worker_threads'
import { Connection } from './connection.ts'
import type { ReaderAnswer, ReaderRequest } from './reader-thread.ts'

/*
 * What runs in the thread of a ReaderThread: one read-only connection, which runs the statements that it gets one after
 * another. Unless a statement begins a transaction, none stays open in between.
 */
const connection = new Connection(workerData as string, { readOnly: true })

parentPort!.on('message', (request: ReaderRequest | null) => {
  if (request) return parentPort!.postMessage(answer(request))
  connection.close()
  parentPort!.close()
})

function answer({ sql, parameters }: ReaderRequest): ReaderAnswer {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  try {
    const { rows } = connection.run(sql, parameters)
    return { rows, seconds: seconds() }
  } catch (error) {
    // Cloning an error keeps its message and stack, but not the code of SQLite. The caller translates it again.
    const { cause = error } = error as Error
    return { error: cause, errcode: (cause as { errcode?: number }).errcode, seconds: seconds() }
  }
}
