import { attempt } from '../data/changes.ts'

interface Props {
  texts: Record<'state' | 'active' | 'off' | 'activeLead' | 'offLead' | 'switchOff' | 'switchOn', string>
  /** A webhook or a bot. */
  target: { active: boolean; disabled_reason: string | null }
  change(body: { active: boolean }): Promise<void>
}

/** Whether a program gets events, with a button that switches it on or off. */
export function SwitchSection({ texts: t, target: { active, disabled_reason }, change }: Props) {
  return (
    <section class="panel switch" aria-label={t.state}>
      <span class={active ? 'mark mark-good' : 'mark mark-bad'}>{active ? t.active : t.off}</span>
      <p class="quiet">{active ? t.activeLead : `${disabled_reason ?? ''} ${t.offLead}`}</p>
      <button
        type="button"
        class="button-quiet button-small"
        onClick={() => void attempt(() => change({ active: !active }))}
      >
        {active ? t.switchOff : t.switchOn}
      </button>
    </section>
  )
}
