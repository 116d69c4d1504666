/** A team. `is_member` says whether the user who asks is one. */
export function toTeam(
  {
    id,
    name,
    description,
    allow_auto_assign,
  }: { id: number; name: string; description: string | null; allow_auto_assign: boolean | number },
  accountId: number,
  ownTeams: ReadonlySet<number>,
) {
  return {
    id,
    name: name.toLowerCase(),
    description,
    allow_auto_assign: Boolean(allow_auto_assign),
    account_id: accountId,
    is_member: ownTeams.has(id),
  }
}
