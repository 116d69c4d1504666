import type { Timestamps } from '../../db/tables.ts'

declare module '../../db/tables.ts' {
  interface Tables {
    teams: Team
    team_members: TeamMember
  }
}

interface Team extends Timestamps {
  account_id: number
  id: number
  name: string
  /** Lower case, because names must be unique regardless of case. */
  folded_name: string
  description: string | null
  allow_auto_assign: number
}

interface TeamMember {
  account_id: number
  team_id: number
  user_id: number
  /** When a conversation was last assigned to them automatically. */
  last_assigned_at: number | null
  created_at: number
}
