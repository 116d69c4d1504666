import { nextId } from '../../../db/ids.ts'
import { systemOf } from '../../../lib/actor.ts'
import { foldName, joinTeams, listTeams } from '../../teams/service.ts'
import type { Move } from './move.ts'
import { insertTeam } from './settings.store.ts'
import { selectTeamMembers, selectTeams } from './source-settings.store.ts'

/** Imports the teams of the account with their members. Returns the ids here of the teams in Chatwoot. */
export async function importTeams(move: Move): Promise<Map<number, number>> {
  const { source, database, accountId: account_id, isDryRun, report, ids, people } = move
  const known = new Map(
    (await listTeams(database.read, systemOf(account_id))).map(({ id, name }) => [foldName(name), id]),
  )
  const rows = await selectTeams(source, account_id)
  report.table('teams', rows.length)
  await ids.teams.begin(database, source, rows.at(-1)?.id ?? 0)
  const teams = new Map<number, number>()
  for (const { id: chatwootId, name, description, allow_auto_assign, created_at } of rows) {
    const folded_name = foldName(name)
    const knownId = known.get(folded_name)
    report.count('teams', knownId === undefined ? 'stored' : 'known')
    if (knownId !== undefined || isDryRun) {
      teams.set(chatwootId, knownId ?? chatwootId)
      continue
    }
    const isKept = ids.teams.keeps(chatwootId)
    const id = await database.transaction(account_id, async (tx) => {
      const id = isKept ? chatwootId : await nextId(tx, account_id, 'teams')
      await insertTeam(tx, {
        ...{ account_id, id, name: name.slice(0, 255), folded_name, description },
        allow_auto_assign: allow_auto_assign === false ? 0 : 1,
        ...{ created_at, updated_at: created_at },
      })
      return id
    })
    if (!isKept) report.remark('team with another id, because its own is taken', `${chatwootId} is ${id}`)
    teams.set(chatwootId, id)
  }
  const members = await selectTeamMembers(source, account_id)
  report.table('team_members', members.length)
  for (const { team_id, user_id } of members) {
    const userId = people.idOf(user_id)
    if (userId === null) continue
    report.count('team_members', 'stored')
    if (isDryRun) continue
    await database.transaction(account_id, (tx) =>
      joinTeams(tx, systemOf(account_id), userId, [teams.get(team_id)!]),
    )
  }
  return teams
}
