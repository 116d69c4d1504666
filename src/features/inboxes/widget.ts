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

/** The widget settings of an inbox, with defaults; null if it has another channel. */
export function widgetOf({
  channel_type,
  widget,
}: Pick<Row, 'channel_type' | 'widget'>): WidgetSettings | null {
  if (channel_type !== 'web_widget') return null
  return { ...defaults, ...(widget === null ? {} : JSON.parse(widget)) }
}

/** The widget settings of a new inbox, as stored. Throws `invalid` if it has another channel. */
export function newWidget(channel_type: Row['channel_type'], change: WidgetChange): string {
  return changedWidget(widgetOf({ channel_type, widget: null }), change)
}

/** The widget settings after a partial change, as stored. Throws `invalid` if `before` is null (another channel). */
export function changedWidget(before: WidgetSettings | null, change: WidgetChange): string {
  if (before === null) throw invalid('channel.widget', 'can be set for web_widget inboxes only')
  return JSON.stringify({ ...before, ...change })
}

/**
 * The origins whose pages may show the inbox, in the form of `frame-ancestors`: that of its website and those in its
 * settings. If there are no origins, no page may show it.
 */
export function allowedOrigins(row: Pick<Row, 'channel_type' | 'widget' | 'website_url'>): string[] {
  const website = row.website_url === null ? [] : [new URL(row.website_url).origin]
  return [...new Set([...website, ...(widgetOf(row)?.allowed_origins ?? [])])]
}

/**
 * Whether the `Origin` of a request is one of `allowed`. `file:` never matches: pages opened as files send `null`, but so
 * does the sandboxed frame of any website. The widget on such a page calls from its own frame, with this server's origin.
 */
export function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    const [before, after] = one.split('*.')
    if (after === undefined) return origin === one
    return origin.startsWith(before!) && origin.endsWith(`.${after}`)
  })
}
