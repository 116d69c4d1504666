import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call } from './call.ts'
import { hear } from './live.ts'
import { accountPath, profile } from './session.ts'
import { isSessionOver } from './session-end.ts'

/** A user who looks at a conversation. */
interface Viewer {
  id: number
  name: string
}

/** Who else looks at which conversation, by conversation and user. */
export const viewers = signal<ReadonlyMap<number, ReadonlyMap<number, string>>>(new Map())

// Looking ends if it is not repeated.
const longest = 45_000
const again = 20_000
const ends = new Map<string, ReturnType<typeof setTimeout>>()

function set(conversation: number, { id, name }: Viewer, isThere: boolean): void {
  const next = new Map(viewers.value)
  const there = new Map(next.get(conversation))
  if (isThere) there.set(id, name)
  else there.delete(id)
  if (there.size > 0) next.set(conversation, there)
  else next.delete(conversation)
  viewers.value = next
  const end = `${conversation} ${id}`
  clearTimeout(ends.get(end))
  ends.delete(end)
  if (isThere)
    ends.set(
      end,
      setTimeout(() => set(conversation, { id, name }, false), longest),
    )
}

/** Keeps them up to date with events. */
export function followViewers(): () => void {
  return hear({
    viewing({ conversation_id, user, viewing_status }) {
      if (user.id !== profile.value?.id) set(conversation_id, user, viewing_status === 'on')
    },
  })
}

/** Tells the others that this user looks at a conversation, while the component is mounted and the page visible. A hook. */
export function useViewing(conversation: number): void {
  useEffect(() => {
    let isTold = false
    const tell = async () => {
      // It would wait for the next session, one call for each time.
      if (isSessionOver.value) return
      const isVisible = document.visibilityState === 'visible'
      if (!isVisible && !isTold) return
      isTold = isVisible
      for (const one of await report(conversation, isVisible)) set(conversation, one, true)
    }
    const leave = () => {
      if (isTold) void report(conversation, false)
      isTold = false
    }
    void tell()
    const timer = setInterval(tell, again)
    // Without a stream, the server has forgotten it.
    const stop = hear({ connected: () => void tell() })
    document.addEventListener('visibilitychange', tell)
    addEventListener('pagehide', leave)
    return () => {
      clearInterval(timer)
      stop()
      document.removeEventListener('visibilitychange', tell)
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [conversation])
}

/** Returns who else looks at it; nobody if the server cannot be reached. */
async function report(conversation: number, isThere: boolean): Promise<readonly Viewer[]> {
  const path = `${accountPath()}/conversations/${conversation}/toggle_viewing_status`
  const body = { viewing_status: isThere ? 'on' : 'off' }
  try {
    // The page may be about to be left.
    const { payload } = await call<{ payload: Viewer[] }>(path, { method: 'POST', body, keepalive: !isThere })
    return isThere ? payload : []
  } catch {
    return []
  }
}
