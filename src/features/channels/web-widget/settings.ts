import { type Static, Type } from 'typebox'
import { nullable } from '../../../lib/schema.ts'
import { WidgetSettings } from '../../inboxes/schema.ts'

const WidgetChange = Type.Partial(WidgetSettings, { description: 'Fields that are left out do not change.' })

export const WebsiteSettings = Type.Object({
  website_url: Type.Optional(nullable(Type.String({ maxLength: 2048 }))),
  widget: Type.Optional(WidgetChange),
})
export type WebsiteSettings = Static<typeof WebsiteSettings>

const defaults: WidgetSettings = {
  color: '#2b5fd9',
  position: 'right',
  title: null,
  allowed_origins: [],
  show_agents: true,
  record_visits: true,
  ask_email: false,
  pre_chat_form_enabled: false,
  pre_chat_form_options: {
    pre_chat_message: null,
    pre_chat_fields: [
      { name: 'name', label: 'Name', type: 'text', required: false },
      { name: 'email', label: 'E-mail address', type: 'email', required: true },
    ],
  },
}

/** How the widget looks and which websites show it, with defaults. */
export function widgetOf({ widget }: WebsiteSettings): WidgetSettings {
  return { ...defaults, ...widget }
}

/**
 * The origins whose pages may show the inbox, in the form of `frame-ancestors`: that of its website and those in its
 * settings. If there are no origins, no page may show it.
 */
export function allowedOrigins(settings: WebsiteSettings): string[] {
  const website = settings.website_url ? [new URL(settings.website_url).origin] : []
  return [...new Set([...website, ...widgetOf(settings).allowed_origins])]
}
