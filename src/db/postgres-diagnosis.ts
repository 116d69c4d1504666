import pg from 'pg'
import { WrongDatabase } from './migrate.ts'

const oldestMajor = 14

interface SystemError extends Error {
  code?: string
  syscall?: string
  path?: string
}

/**
 * Explains to the operator why the server of `url` cannot be used, and what to do, in one or two sentences without the
 * password. Returns undefined if `error` has another cause.
 */
export function explainServerError(error: unknown, url: string): string | undefined {
  const { hostname, port, username, pathname } = new URL(url)
  const server = `PostgreSQL at ${hostname || 'the local socket'}:${port || 5432}`
  const user = decodeURIComponent(username) || 'the user'
  const database = decodeURIComponent(pathname.slice(1))
  const { code = '', message, syscall, path } = error as SystemError
  if (error instanceof pg.DatabaseError) {
    const explanation = explainSqlState(code, { server, user, database, message })
    return explanation && `${explanation} (The server says: ${message}.)`
  }
  if (code === 'ECONNREFUSED') {
    return `Nothing listens at ${hostname}:${port || 5432}. Start PostgreSQL there, or correct the host and port in DATABASE_URL.`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The host "${hostname}" of DATABASE_URL cannot be resolved. Correct its name, or check the DNS settings of this machine.`
  }
  if (syscall === 'open' && path) {
    return `The file ${path} in DATABASE_URL cannot be read (${code}). Correct its path, or allow this user to read it.`
  }
  if (/does not support SSL/.test(message)) {
    return `${server} does not support TLS, but DATABASE_URL requires it. Enable TLS there (ssl = on), or remove sslmode from DATABASE_URL.`
  }
  if (/CERT|SIGNATURE|^ERR_TLS/.test(code)) {
    return `The certificate of ${server} is not trusted (${message}). Set sslrootcert in DATABASE_URL to the certificate of the authority that signed it, and use the host name of the certificate.`
  }
  if (/password must be a string/.test(message)) {
    return `${server} requires a password for ${user}, but DATABASE_URL has none. Write it as postgres://USER:PASSWORD@HOST/DATABASE.`
  }
  if (/timeout|timed out/i.test(message) || code === 'ETIMEDOUT') {
    return `${server} does not respond in time. Check whether it hangs or a firewall blocks it; connect_timeout in DATABASE_URL is the number of seconds to wait.`
  }
  if (/^E[A-Z]+$/.test(code) || /terminated|Connection ended/i.test(message)) {
    return `${server} cannot be reached (${message}). Check that it is running, and read its log.`
  }
  return undefined
}

/** By SQLSTATE, because the messages are in the language of the server. */
function explainSqlState(
  code: string,
  { server, user, database, message }: Record<'server' | 'user' | 'database' | 'message', string>,
): string | undefined {
  if (code === '28P01')
    return `${server} rejects the password of ${user}. Correct USER:PASSWORD in DATABASE_URL; characters such as @, / and # must be written as %40, %2F and %23.`
  if (code === '28000' && /encryption|SSL off/.test(message))
    return `${server} accepts ${user} only with TLS, or not at all. Add sslmode=verify-full to DATABASE_URL, or a line to its pg_hba.conf.`
  if (code === '28000')
    return `${server} does not allow ${user} to connect to "${database}" from this machine. Create the user, or add a line to its pg_hba.conf.`
  if (code === '3D000')
    return `${server} has no database "${database}". Create it with \`createdb -O ${user} ${database}\`, or correct the name in DATABASE_URL.`
  if (code === '42501' || code === '3F000')
    return `${user} does not have the rights that Ndoto needs in "${database}". Make them its owner: \`alter database "${database}" owner to "${user}"\`.`
  if (code === '57P03') return `${server} is starting or stopping. Try again in a moment.`
  if (code === '53300')
    return `${server} has no free connection. Raise its max_connections, or lower pool_size in DATABASE_URL.`
  if (code === '25006') return `${server} is read-only, such as a replica. Use the primary in DATABASE_URL.`
  if (code === '53100') return `The disk of ${server} is full. Free some space there, and try again.`
  if (code === '08P01' && /startup parameter/.test(message))
    return `${server} is a connection pooler that does not accept session settings. Use the server itself in DATABASE_URL, and this address as its pooler option: docs/scaling.md explains how.`
  if (code.startsWith('57P')) return `${server} has closed the connection. Read its log, and try again.`
  return undefined
}

/** Throws WrongDatabase if the server is too old, or the encoding of the database is not UTF8. */
export async function assertUsable(client: pg.ClientBase): Promise<void> {
  const text = `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    current_setting('server_encoding') as encoding`
  const { version, number, encoding } = (await client.query(text)).rows[0]
  if (Math.floor(number / 10_000) < oldestMajor) {
    throw new WrongDatabase(
      `The server of DATABASE_URL is PostgreSQL ${version}, but Ndoto requires ${oldestMajor} or newer. Upgrade it.`,
    )
  }
  if (encoding === 'UTF8') return
  throw new WrongDatabase(
    `The database of DATABASE_URL has the encoding ${encoding}, but Ndoto requires UTF8. Create one with \`createdb -E UTF8 -T template0\`.`,
  )
}
