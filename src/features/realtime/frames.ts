/*
 * The bytes of an event stream: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** An event of the log; its position is what a reader resumes with. */
export function logFrame(event: { position: number; name: string; data: string }): Buffer {
  return Buffer.from(`id: ${event.position}\n${named(event.name, event.data)}`)
}

/** What is told and forgotten: it has no id, so that the cursor stays. */
export function signalFrame(name: string, data: object): Buffer {
  return Buffer.from(named(name, JSON.stringify(data)))
}

/** Moves the reader's cursor and says nothing: a block without data is no event, but its id is kept. */
export function cursorFrame(position: number): string {
  return `id: ${position}\n\n`
}

/** Says that what came before `position` is missing. */
export function resetFrame(position: number): Buffer {
  return logFrame({ position, name: 'reset', data: resetData })
}

/** What a reset tells. */
export const resetData = JSON.stringify({ event: 'reset' })

/** A comment, so that neither side nor anything between them takes the connection for dead. */
export const heartbeatFrame = ':\n\n'

function named(name: string, data: string): string {
  // Stored JSON has no line breaks; one would end the event early.
  return `event: ${name}\ndata: ${data.replace(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}
