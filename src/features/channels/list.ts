import { channel as api } from './api/channel.ts'
import type { Channel } from './channel.ts'
import { channel as email } from './email/channel.ts'
import { channel as webWidget } from './web-widget/channel.ts'

/** The channels of the server, in the order in which they are offered. */
export const channelList: readonly Channel[] = [api, webWidget, email]
