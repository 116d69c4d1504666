/** The name of a channel: `Channel::WebWidget` for `web_widget`. */
export function channelName(type: string): string {
  const words = type.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return ['Channel::', ...words].join('')
}

/** An inbox as other objects show it. */
export function slimInbox({ id, name, channel_type }: { id: number; name: string; channel_type: string }) {
  return {
    id,
    avatar_url: '',
    // Inboxes and channels are the same here.
    channel_id: id,
    name,
    channel_type: channelName(channel_type),
    provider: null,
  }
}
export type SlimInbox = ReturnType<typeof slimInbox>
