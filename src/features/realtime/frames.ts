/*
 * The bytes of an event stream: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** An event of the log, with its JSON. Its position is its id, from which a client resumes. */
export function logFrame(event: { position: number; name: string; data: string }): Buffer {
  return Buffer.from(`id: ${event.position}\n${eventBlock(event.name, event.data)}`)
}

/** A signal, which is not stored. It has no id, so that the cursor of the client does not change. */
export function signalFrame(name: string, data: object): Buffer {
  return Buffer.from(eventBlock(name, JSON.stringify(data)))
}

/** Moves the client's cursor without an event: browsers ignore a block without data, but remember its id. */
export function cursorFrame(position: number): Buffer {
  return Buffer.from(`id: ${position}\n\n`)
}

/** Tells the client that events before `position` are missing. */
export function resetFrame(position: number): Buffer {
  return logFrame({ position, name: 'reset', data: resetData })
}

/** The JSON of a reset. */
export const resetData = JSON.stringify({ event: 'reset' })

/** A comment. It prevents both sides, and proxies between them, from closing the connection as idle. */
export const heartbeatFrame = Buffer.from(':\n\n')

function eventBlock(name: string, data: string): string {
  // Stored JSON has no line breaks. One would end the event too early.
  return `event: ${name}\ndata: ${data.replace(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}
