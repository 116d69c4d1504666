import { eventJson, type LoggedEvent } from '../../events/read.ts'
import { cursorFrame, logFrame, resetFrame, signalFrame } from './frames.ts'
import type { Frames, StreamFormat } from './stream-format.ts'

/**
 * Writes events as Server-Sent Events. `render` returns the JSON of an event, or undefined to leave it out.
 */
export function sseFormat(render: (event: LoggedEvent) => string | undefined = eventJson): StreamFormat {
  return {
    async prepare() {
      // All streams get one event before the next one, so its frame is created once.
      let last: { event: LoggedEvent; frames: Frames } | undefined
      return (event) => {
        if (last?.event !== event) last = { event, frames: framesOf(event) }
        return last.frames
      }
    },
    offer(_, { name, data }, streams) {
      const frame = signalFrame(name, data)
      for (const stream of streams) stream.offer(frame)
    },
    cursor: cursorFrame,
    reset: resetFrame,
  }

  function framesOf(event: LoggedEvent): Frames {
    const data = render(event)
    return data === undefined ? [] : [logFrame({ ...event, data })]
  }
}
