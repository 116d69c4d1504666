import { Type } from 'typebox'
import type { Server } from '../../../http/server.ts'
import { id } from '../../../lib/schema.ts'
import { accountPath } from './scope.ts'

const account = Type.Object({ account_id: id() })

/** What this server does not have: programs that ask for it get an empty list instead of an error. */
export function emptyRoutes(app: Server): void {
  const schema = { params: account }
  const empty = (path: string, body: unknown) => {
    app.get(`${accountPath}/${path}`, { schema }, (_, reply) => reply.send(body))
  }
  empty('dashboard_apps', [])
  empty('campaigns', [])
  empty('custom_filters', [])
  empty('automation_rules', { payload: [] })
  empty('integrations/apps', { payload: [] })
}
