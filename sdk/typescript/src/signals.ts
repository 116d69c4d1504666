/** Somebody began or stopped typing. Treat an `on` that is not repeated within seconds as ended. */
export interface TypingSignal {
  event: 'typing'
  conversation_id: number
  /** The agent who types. */
  user?: { id: number; name: string }
  /** The contact who types. */
  contact?: { id: number; name: string }
  is_private: boolean
  typing_status: 'on' | 'off'
}

/** The status of a user may have changed. */
export interface PresenceSignal {
  event: 'presence'
  user_id: number
  status: 'online' | 'busy' | 'offline'
}

/** A contact is on another page. */
export interface VisitSignal {
  event: 'visit'
  contact_id: number
  inbox_id: number
}

/** Whether somebody is there to answer has changed. */
export interface AvailabilitySignal {
  event: 'inbox_availability'
  available: boolean
}

/** What the stream of an account has in addition to events. Signals are not stored, and have no cursor. */
export type AccountSignal = TypingSignal | PresenceSignal | VisitSignal

/** What the stream of a contact has in addition to events. */
export type CustomerSignal = TypingSignal | AvailabilitySignal
