import { invalid } from '../../lib/errors.ts'
import type { WidgetChange, WidgetSettings } from './schema.ts'
import type { Row } from './store.ts'

const defaults: WidgetSettings = {
  color: '#2b5fd9',
  position: 'right',
  title: null,
  allowed_origins: [],
  show_agents: true,
}

/** How a website shows the inbox; null for one of another channel. */
export function widgetOf({
  channel_type,
  widget,
}: Pick<Row, 'channel_type' | 'widget'>): WidgetSettings | null {
  if (channel_type !== 'web_widget') return null
  return { ...defaults, ...(widget === null ? {} : JSON.parse(widget)) }
}

/** The settings of a new inbox as they are stored. Throws `invalid` for one of another channel. */
export function newWidget(channel_type: Row['channel_type'], change: WidgetChange): string {
  return changedWidget(widgetOf({ channel_type, widget: null }), change)
}

/** The settings as they are stored after a change; what it leaves out stays. Throws `invalid` where there are none. */
export function changedWidget(before: WidgetSettings | null, change: WidgetChange): string {
  if (before === null) throw invalid('channel.widget', 'can be set for web_widget inboxes only')
  return JSON.stringify({ ...before, ...change })
}

/**
 * The origins whose pages may show the inbox, in the form of `frame-ancestors`: that of its website, and those of its
 * settings. None is an inbox that is shown nowhere.
 */
export function allowedOrigins(row: Pick<Row, 'channel_type' | 'widget' | 'website_url'>): string[] {
  const website = row.website_url === null ? [] : [new URL(row.website_url).origin]
  return [...new Set([...website, ...(widgetOf(row)?.allowed_origins ?? [])])]
}

/**
 * Whether the `Origin` of a page is one of those. `file:` is none: pages opened as files send `null`, and so does the
 * sandboxed frame of any website. The widget on such a page calls from its own frame, which has this server's origin.
 */
export function isAllowed(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    const [before, after] = one.split('*.')
    if (after === undefined) return origin === one
    return origin.startsWith(before!) && origin.endsWith(`.${after}`)
  })
}
