import { type Signal, useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import './style/notifications.css'
import type { NotificationSettings, NotificationType } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { strings } from '../strings.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Section } from './page.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.notifications.kinds
type Channel = NotificationSettings['available_channels'][number]

/** What the user is notified of in this account, on all devices: the types of notifications, and the quiet hours. */
export function NotificationKinds() {
  const { value, trouble } = useFetch<NotificationSettings>(`${accountPath()}/notification_settings`)
  return (
    <Section title={t.title} lead={t.lead}>
      {trouble.value !== undefined && <p class="trouble">{strings.complaint(trouble.value)}</p>}
      {!value.value && trouble.value === undefined && <p class="quiet">{strings.loading}</p>}
      {value.value && <Kinds settings={value.value} />}
    </Section>
  )
}

/** Only administrators import contacts. */
function concerns(type: NotificationType): boolean {
  return type !== 'import_finished' || isAdministrator.value
}

function Kinds({ settings }: { settings: NotificationSettings }) {
  const kinds = useSignal(settings.kinds)
  const hasQuiet = useSignal(settings.quiet_hours !== null)
  const from = useSignal(settings.quiet_hours?.from ?? '22:00')
  const to = useSignal(settings.quiet_hours?.to ?? '07:00')
  const own = useMemo(() => Intl.DateTimeFormat().resolvedOptions().timeZone, [])
  const zone = useSignal(settings.quiet_hours?.time_zone ?? own)
  const channels = settings.available_channels
  const types = (Object.keys(t.types) as NotificationType[]).filter(concerns)
  const work = async () => {
    const quiet_hours = hasQuiet.value ? { from: from.value, to: to.value, time_zone: zone.value } : null
    const body = { kinds: kinds.value, quiet_hours }
    await call(`${accountPath()}/notification_settings`, { method: 'PATCH', body })
  }
  return (
    <Form label={t.title} action={words.save} work={work}>
      <table class="channel-table">
        <thead>
          <tr>
            <th scope="col">{t.type}</th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {t.channels[channel]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {types.map((type) => (
            <tr key={type}>
              <th scope="row">{t.types[type]}</th>
              {channels.map((channel) => (
                <td key={channel}>
                  <Box kinds={kinds} type={type} channel={channel} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <small class="quiet">{channels.includes('email') ? t.emailHint : t.noEmail}</small>
      <CheckboxField name="quiet_hours" label={t.quiet} hint={t.quietHint} value={hasQuiet} />
      {hasQuiet.value && (
        <div class="quiet-hours">
          <TextField name="quiet_hours.from" label={t.from} value={from} placeholder="22:00" />
          <TextField name="quiet_hours.to" label={t.to} value={to} placeholder="07:00" />
          <TextField name="quiet_hours.time_zone" label={t.zone} value={zone} placeholder={own} />
        </div>
      )}
    </Form>
  )
}

interface BoxProps {
  kinds: Signal<NotificationSettings['kinds']>
  type: NotificationType
  channel: Channel
}

function Box({ kinds, type, channel }: BoxProps) {
  return (
    <input
      type="checkbox"
      aria-label={t.box(t.types[type], t.channels[channel])}
      checked={kinds.value[type][channel]}
      onChange={({ currentTarget: { checked } }) => {
        kinds.value = { ...kinds.value, [type]: { ...kinds.value[type], [channel]: checked } }
      }}
    />
  )
}
