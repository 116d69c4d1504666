import { defaultSchedule, type Schedule } from './schedule.ts'
import type { Sender } from './sender.ts'

/** A sender with its whole schedule. */
export interface ScheduledSender {
  sender: Sender
  schedule: Schedule
}

/** All senders of the program, by name. */
export type Senders = ReadonlyMap<string, ScheduledSender>

/** Completes the schedules of senders. `changes` has priority over what they say. */
export function scheduleSenders(senders: readonly Sender[], changes: Partial<Schedule>): Senders {
  return new Map(
    senders.map((sender) => [
      sender.name,
      { sender, schedule: { ...defaultSchedule, ...sender.schedule, ...changes } },
    ]),
  )
}
