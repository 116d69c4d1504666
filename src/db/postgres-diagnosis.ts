import pg from 'pg'
import { WrongDatabase } from './migrate.ts'

const oldestMajor = 14

interface Trouble extends Error {
  code?: string
  syscall?: string
  path?: string
}

/**
 * What an operator should know and do where the server that `url` names cannot be worked with: one sentence or two,
 * without the password. Undefined where `error` is about something else.
 */
export function explainServer(error: unknown, url: string): string | undefined {
  const { hostname, port, username, pathname } = new URL(url)
  const server = `PostgreSQL at ${hostname || 'the local socket'}:${port || 5432}`
  const user = decodeURIComponent(username) || 'the user'
  const database = decodeURIComponent(pathname.slice(1))
  const { code = '', message, syscall, path } = error as Trouble
  if (error instanceof pg.DatabaseError) {
    const refused = bySqlState(code, { server, user, database, message })
    return refused && `${refused} (The server says: ${message}.)`
  }
  if (code === 'ECONNREFUSED') {
    return `Nothing answers at ${hostname}:${port || 5432}. Start PostgreSQL there, or put the host and the port of DATABASE_URL right.`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The host "${hostname}" of DATABASE_URL is not known here. Put its name right, or see whether names are resolved.`
  }
  if (syscall === 'open' && path) {
    return `The file ${path} that DATABASE_URL names cannot be read (${code}). Put its path right, or let this user read it.`
  }
  if (/does not support SSL/.test(message)) {
    return `${server} speaks no TLS, but DATABASE_URL asks for it. Switch TLS on there (ssl = on), or take sslmode out of DATABASE_URL.`
  }
  if (/CERT|SIGNATURE|^ERR_TLS/.test(code)) {
    return `The certificate of ${server} is not accepted (${message}). Name the authority that signed it with sslrootcert in DATABASE_URL, and the host as the certificate does.`
  }
  if (/password must be a string/.test(message)) {
    return `${server} asks ${user} for a password, but DATABASE_URL has none. Write it as postgres://USER:PASSWORD@HOST/DATABASE.`
  }
  if (/timeout|timed out/i.test(message) || code === 'ETIMEDOUT') {
    return `${server} does not answer in time. See whether it hangs or a firewall is between; connect_timeout in DATABASE_URL is how long to wait.`
  }
  if (/^E[A-Z]+$/.test(code) || /terminated|Connection ended/i.test(message)) {
    return `${server} cannot be reached (${message}). See whether it runs, and its log.`
  }
  return undefined
}

/** By SQLSTATE: the messages are in the language of the server. */
function bySqlState(
  code: string,
  { server, user, database, message }: Record<'server' | 'user' | 'database' | 'message', string>,
): string | undefined {
  if (code === '28P01')
    return `${server} refuses the password of ${user}. Put USER:PASSWORD in DATABASE_URL right; signs such as @, / and # must be written as %40, %2F and %23.`
  if (code === '28000' && /encryption|SSL off/.test(message))
    return `${server} lets ${user} in with TLS only, or not at all. Add sslmode=verify-full to DATABASE_URL, or a line to its pg_hba.conf.`
  if (code === '28000')
    return `${server} does not let ${user} into "${database}" from this machine. Make the user, or add a line to its pg_hba.conf.`
  if (code === '3D000')
    return `${server} has no database "${database}". Make it with \`createdb -O ${user} ${database}\`, or put the name in DATABASE_URL right.`
  if (code === '42501' || code === '3F000')
    return `${user} may not do in "${database}" what Ndoto needs. Let them own it: \`alter database "${database}" owner to "${user}"\`.`
  if (code === '57P03') return `${server} is starting or stopping. Try again in a moment.`
  if (code === '53300')
    return `${server} has no connection left. Raise its max_connections, or lower pool_size in DATABASE_URL.`
  if (code === '25006')
    return `${server} only lets its data be read: it is a replica. Name the primary in DATABASE_URL.`
  if (code === '53100') return `The disk of ${server} is full. Make room there, and do it again.`
  if (code === '08P01' && /startup parameter/.test(message))
    return `${server} is a pooler that takes no settings of sessions. Name the server itself in DATABASE_URL, and this one as its pooler: docs/scaling.md says how.`
  if (code.startsWith('57P')) return `${server} has ended the connection. See its log, and do it again.`
  return undefined
}

/** Throws WrongDatabase where the server is too old, or keeps texts in which not every sign can be written. */
export async function assertUsable(client: pg.ClientBase): Promise<void> {
  const text = `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    current_setting('server_encoding') as encoding`
  const { version, number, encoding } = (await client.query(text)).rows[0]
  if (Math.floor(number / 10_000) < oldestMajor) {
    throw new WrongDatabase(
      `The server of DATABASE_URL is PostgreSQL ${version}, but Ndoto needs ${oldestMajor} or newer. Upgrade it.`,
    )
  }
  if (encoding === 'UTF8') return
  throw new WrongDatabase(
    `The database of DATABASE_URL has the encoding ${encoding}, but Ndoto needs UTF8. Make one with \`createdb -E UTF8 -T template0\`.`,
  )
}
