import { useSignal } from '@preact/signals'
import { chime } from '../../shared/chime.ts'
import { askPermission, permission, showTest } from '../notifications/desktop.ts'
import {
  mute,
  mutedUntil,
  notificationPreferences,
  type Topic,
  topics,
  unmute,
} from '../notifications/preferences.ts'
import { strings } from '../strings.ts'
import { clockTime } from '../times.ts'
import { CheckboxField, CheckboxGroup } from './fields.tsx'
import { Form } from './form.tsx'
import { NotificationKinds } from './notification-kinds.tsx'
import { Page, Section } from './page.tsx'
import { Push } from './push.tsx'
import { words } from './strings.ts'

const t = words.notifications

/** What the user is notified about in this browser, and how. */
export function Notifications() {
  return (
    <Page title={words.nav.pages.notifications} lead={t.lead}>
      <NotificationKinds />
      <Choices />
      <Permission />
      <Push />
      <Mute />
    </Page>
  )
}

function Choices() {
  const saved = notificationPreferences.value
  const chosen = useSignal<readonly string[]>(saved.topics)
  const hasNotes = useSignal(saved.hasNotes)
  const hasSound = useSignal(saved.hasSound)
  const hasDesktop = useSignal(saved.hasDesktop)
  const showsText = useSignal(saved.showsText)
  const work = async () => {
    notificationPreferences.value = {
      topics: chosen.value as Topic[],
      hasNotes: hasNotes.value,
      hasSound: hasSound.value,
      hasDesktop: hasDesktop.value,
      showsText: showsText.value,
    }
  }
  return (
    <Section title={t.about}>
      <Form label={t.about} action={words.save} work={work}>
        <CheckboxGroup
          name="topics"
          label={t.topics}
          hint={t.topicsHint}
          value={chosen}
          options={topics.map((value) => ({ value, text: t.topicNames[value] }))}
        />
        <CheckboxField name="notes" label={t.notes} value={hasNotes} />
        <CheckboxField name="sound" label={t.sound} hint={t.soundHint} value={hasSound} />
        <CheckboxField name="desktop" label={t.desktop} value={hasDesktop} />
        <CheckboxField name="text" label={t.text} hint={t.textHint} value={showsText} />
      </Form>
    </Section>
  )
}

function Permission() {
  return (
    <Section title={t.permission}>
      <p role="status">{t.permissions[permission.value]}</p>
      <div class="buttons">
        {permission.value === 'default' && (
          <button type="button" class="button" onClick={() => void askPermission()}>
            {t.ask}
          </button>
        )}
        {permission.value === 'granted' && (
          <button type="button" class="button-quiet" onClick={showTest}>
            {t.test}
          </button>
        )}
        <button type="button" class="button-quiet" onClick={chime}>
          {t.testSound}
        </button>
      </div>
    </Section>
  )
}

function Mute() {
  const until = mutedUntil.value
  return (
    <Section title={t.mute} lead={t.muteLead}>
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={until === undefined ? mute : unmute}>
          {until === undefined ? t.muteForAnHour : t.unmute}
        </button>
        {until !== undefined && <span>{strings.notifications.mutedUntil(clockTime(until / 1000))}</span>}
      </div>
    </Section>
  )
}
