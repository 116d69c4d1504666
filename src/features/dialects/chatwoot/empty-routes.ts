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
  const meta = { unread_count: 0, count: 0, current_page: 1 }
  empty('notifications', { data: { meta, payload: [] } })
  empty('notifications/unread_count', 0)
  empty('notification_settings', { selected_email_flags: [], selected_push_flags: [] })
  empty('macros', { payload: [] })
  empty('dashboard_apps', [])
  empty('campaigns', [])
  empty('custom_filters', [])
  empty('automation_rules', { payload: [] })
  empty('integrations/apps', { payload: [] })
}
