import './prepared.css'
import { ProposalCard } from './proposal.tsx'
import { ScheduledCard } from './scheduled.tsx'
import { preparedStrings as t } from './strings.ts'
import { usePrepared } from './use-prepared.ts'

/** What waits to be sent in a conversation: proposals, the newest first, and scheduled messages. */
export function Prepared({ conversation }: { conversation: number }) {
  const { scheduled, proposals, reload } = usePrepared(conversation)
  if (scheduled.length + proposals.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="prepared" aria-label={t.label} tabIndex={0}>
      {proposals.map((proposal, index) => (
        <ProposalCard key={proposal.id} proposal={proposal} hasKeys={index === 0} onDecided={reload} />
      ))}
      {scheduled.map((message) => (
        <ScheduledCard key={message.id} message={message} onChanged={reload} />
      ))}
    </section>
  )
}
