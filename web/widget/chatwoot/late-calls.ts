import type { Api } from '../loader/main.ts'
import type { LateCalls } from '../protocol.ts'

type LateCall = <Name extends keyof LateCalls>(name: Name, ...args: LateCalls[Name]) => void

/** Calls that wait until the frame handles them. */
export interface LateCaller {
  call: LateCall
  /** Forgets what waits, and waits for the next frame. */
  reset(): void
}

/** Returns what makes late calls. `calls` calls the widget as soon as it has loaded. */
export function lateCaller(calls: (use: (widget: Api) => void) => void): LateCaller {
  let isListening = false
  let waiting: ((widget: Api) => void)[] = []
  calls((widget) =>
    widget.on('listening', () => {
      isListening = true
      for (const use of waiting.splice(0)) use(widget)
    }),
  )
  return {
    call(name, ...args) {
      const use = (widget: Api) => widget.call(name, ...args)
      if (isListening) calls(use)
      else waiting.push(use)
    },
    reset() {
      isListening = false
      waiting = []
    },
  }
}
