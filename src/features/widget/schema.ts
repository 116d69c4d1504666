/** What the server writes into the page of the frame, as JSON in its `<meta name="ndoto">`. */
export interface FrameSettings {
  /** Its `inbox_identifier`. */
  inbox: string
  title: string
  greeting: string | null
  /** Such as `#2b5fd9`. */
  color: string
  position: 'right' | 'left'
  /** Who answers here, before anybody has; empty where the inbox does not show them. */
  agents: { name: string; avatar_url: string | null }[]
  /** Whose pages may hold the frame, as `frame-ancestors` has them. */
  origins: string[]
  /** Whether an identifier needs its hash. */
  identity_validation: boolean
  /** Bytes of one file of a message. */
  max_file_size: number
}
