import type { Channel } from '../src/features/channels/channel.ts'
import { channelsFeature } from '../src/features/channels/feature.ts'
import { channelList } from '../src/features/channels/list.ts'
import { features } from '../src/features.ts'
import type { Feature } from '../src/http/feature.ts'

/** The features of a server that has these channels, too: `startTestApp({}, { features: featuresWith(channel) })`. */
export function featuresWith(...added: Channel<never>[]): Feature[] {
  const channels = channelsFeature([...channelList, ...(added as unknown as Channel[])])
  return features.map((feature) => (feature.name === channels.name ? channels : feature))
}
