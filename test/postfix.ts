import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Dovecot } from './dovecot.ts'
import { eventually } from './eventually.ts'
import { atEnd, freePort, type Scope } from './process.ts'

const program = '/usr/sbin/postfix'
const isRoot = userInfo().uid === 0

/** For the option `skip` of tests. */
export const skipWithoutPostfix = !existsSync(program)
  ? 'Postfix is not installed (apt-get install postfix)'
  : isRoot
    ? false
    : 'only root can start Postfix'

/** A Postfix on this machine that relays for everybody on it. */
export interface Postfix {
  port: number
  /** The settings of an inbox. */
  smtp: { host: string; port: number; tls: 'none' }
}

/**
 * Starts a Postfix that delivers into the mailboxes of a Dovecot: mails to example.com into that of `support`, and those to
 * example.org into that of `customers`. Mails to elsewhere.example go on to the mail server on another port.
 */
export async function startPostfix(
  t: Scope,
  { mailboxes }: Dovecot,
  elsewhere: { port: number },
): Promise<Postfix> {
  const directory = mkdtempSync(join(tmpdir(), 'postfix-'))
  const port = await freePort()
  chmodSync(directory, 0o755)
  for (const name of ['queue', 'data']) mkdirSync(join(directory, name), { mode: 0o755 })
  chownSync(join(directory, 'data'), idOf('postfix'), 0)
  writeFileSync(join(directory, 'mailboxes'), '@example.com support/\n@example.org customers/\n')
  writeFileSync(join(directory, 'transport'), `elsewhere.example smtp:[127.0.0.1]:${elsewhere.port}\n`)
  writeFileSync(join(directory, 'main.cf'), settings(directory, mailboxes))
  writeFileSync(join(directory, 'master.cf'), services(port))
  const server = spawn(program, ['-c', directory, 'start-fg'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  atEnd(t, async () => {
    spawnSync(program, ['-c', directory, 'abort'], { stdio: 'ignore' })
    await ended
    rmSync(directory, { recursive: true, force: true })
  })
  await eventually(() => isListening(port), 'Postfix')
  return { port, smtp: { host: '127.0.0.1', port, tls: 'none' } }
}

function settings(directory: string, mailboxes: Dovecot['mailboxes']): string {
  return `
compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
maillog_file = ${directory}/log
maillog_file_prefixes = ${directory}
myhostname = mx.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = no
recipient_delimiter = +
virtual_mailbox_domains = example.com example.org
virtual_mailbox_base = ${mailboxes.directory}
virtual_mailbox_maps = texthash:${directory}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:${mailboxes.uid}
virtual_gid_maps = static:${mailboxes.gid}
transport_maps = texthash:${directory}/transport
`
}

// The columns of master(5): the name, the type, private, unprivileged, chroot, wakeup, the most processes, and the program.
const services = (port: number) => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`

function idOf(user: string): number {
  return Number(spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout)
}

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
