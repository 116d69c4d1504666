import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Proposal, ScheduledMessage } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'
import { accountPath } from '../data/session.ts'

export interface Prepared {
  scheduled: readonly ScheduledMessage[]
  /** Those that wait for a decision. */
  proposals: readonly Proposal[]
  reload(): void
}

/** The scheduled messages and proposals of a conversation, kept up to date. A hook. */
export function usePrepared(conversation: number): Prepared {
  const found = useSignal<Omit<Prepared, 'reload'>>({ scheduled: [], proposals: [] })
  const asked = useSignal(0)
  const reload = async () => {
    asked.value += 1
    const { value } = asked
    const path = `${accountPath()}/conversations/${conversation}`
    const all = await Promise.all([
      call<{ payload: ScheduledMessage[] }>(`${path}/scheduled_messages`),
      call<{ payload: Proposal[] }>(`${path}/proposals?status=pending`),
    ]).catch(() => undefined)
    // A later response is newer.
    if (all && asked.value === value) found.value = { scheduled: all[0].payload, proposals: all[1].payload }
  }
  useEffect(() => {
    void reload()
    return hear({
      connected: reload,
      prepared: (id) => {
        if (id === conversation) void reload()
      },
      message({ kind, message }) {
        // It makes proposals stale.
        const isAnswer = kind === 'created' && message.message_type === 'incoming'
        if (isAnswer && message.conversation_id === conversation && found.peek().proposals.length > 0)
          void reload()
      },
    })
  }, [])
  return { ...found.value, reload: () => void reload() }
}
