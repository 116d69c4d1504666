import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { eventually } from './eventually.ts'

import { atEnd, freePort, type Scope } from './process.ts'

const program = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
)
/** For the option `skip` of tests. */
export const skipWithoutDovecot = program ? false : 'Dovecot is not installed (apt-get install dovecot-imapd)'

/** A Dovecot on this machine, with a mailbox `support` and the password `secret`. */
export interface Dovecot {
  port: number
  /** The directory of the mailboxes, a Maildir for each user, and who owns the files in it. */
  mailboxes: { directory: string; uid: number; gid: number }
  /** The settings of an inbox. */
  imap: { host: string; port: number; user: string; password: string; tls: 'none' }
  /** Puts mails into a folder, in one connection. */
  append: (mails: Buffer[], options?: { folder?: string; date?: Date }) => Promise<void>
  /** Runs IMAP commands as the user. */
  use: <T>(work: (client: ImapFlow) => Promise<T>) => Promise<T>
  stop: () => Promise<void>
  start: () => Promise<void>
  /** Changes the UIDVALIDITY of the folder INBOX, and the UIDs of its mails. */
  renumber: () => Promise<void>
}

/** Starts a Dovecot, which stops at the end of the test. With `introspectionUrl` it accepts the tokens of that server. */
export async function startDovecot(t: Scope, introspectionUrl?: string): Promise<Dovecot> {
  const directory = mkdtempSync(join(tmpdir(), 'dovecot-'))
  const port = await freePort()
  // Dovecot serves no mails of root.
  const isRoot = userInfo().uid === 0
  const owner = isRoot ? idsOf('mail') : { uid: userInfo().uid, gid: userInfo().gid }
  const user = isRoot ? 'mail' : userInfo().username
  for (const name of ['run', 'state', 'mail']) mkdirSync(join(directory, name), { mode: 0o755 })
  chmodSync(directory, 0o755)
  chownSync(join(directory, 'mail'), owner.uid, owner.gid)
  writeFileSync(join(directory, 'users'), 'support:{PLAIN}secret\n')
  if (introspectionUrl) {
    const lines = [
      `introspection_url = ${introspectionUrl}`,
      'introspection_mode = get',
      'username_attribute = username',
    ]
    writeFileSync(join(directory, 'oauth2.conf'), `${lines.join('\n')}\n`)
  }
  writeFileSync(
    join(directory, 'dovecot.conf'),
    configuration(directory, { port, user, owner, introspectionUrl }),
  )
  let server: ChildProcess | undefined
  const start = async () => {
    server = spawn(program!, ['-F', '-c', join(directory, 'dovecot.conf')], { stdio: 'ignore' })
    await eventually(() => isListening(port))
  }
  const stop = async () => {
    if (!server || server.exitCode !== null) return
    const ended = new Promise((resolve) => server!.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
  }
  await start()
  atEnd(t, async () => {
    await stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const use: Dovecot['use'] = async (work) => {
    const auth = { user: 'support', pass: 'secret' }
    const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, auth, logger: false })
    client.on('error', () => {})
    await client.connect()
    try {
      return await work(client)
    } finally {
      client.close()
    }
  }
  return {
    port,
    mailboxes: { directory: join(directory, 'mail'), ...owner },
    imap: { host: '127.0.0.1', port, user: 'support', password: 'secret', tls: 'none' },
    use,
    append: (mails, { folder = 'INBOX', date } = {}) =>
      use(async (client) => {
        for (const mail of mails) await client.append(folder, mail, [], date)
      }),
    stop,
    start,
    async renumber() {
      await stop()
      const maildir = join(directory, 'mail', 'support')
      for (const name of [
        'dovecot-uidlist',
        'dovecot-uidvalidity',
        'dovecot.index',
        'dovecot.index.log',
        'dovecot.index.cache',
      ]) {
        rmSync(join(maildir, name), { force: true })
      }
      for (const name of ['dovecot-uidvalidity']) execFileSync('sh', ['-c', `rm -f ${join(maildir, name)}*`])
      // The new number is the time in seconds.
      await new Promise((resolve) => setTimeout(resolve, 1100))
      await start()
    },
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const read = (option: string) => Number(execFileSync('id', [option, user], { encoding: 'utf8' }))
  return { uid: read('-u'), gid: read('-g') }
}

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

interface Options {
  port: number
  user: string
  owner: { uid: number; gid: number }
  introspectionUrl: string | undefined
}

function configuration(directory: string, { port, user, owner, introspectionUrl }: Options): string {
  const internal = userInfo().uid === 0 ? '' : `default_internal_user = ${user}\ndefault_login_user = ${user}`
  const oauth = introspectionUrl
    ? `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${directory}/oauth2.conf
}`
    : ''
  return `
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
${internal}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
mail_fsync = never
mail_location = maildir:${directory}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 100
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
${oauth}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = ${directory}/users
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${directory}/mail/%u
}
`
}
