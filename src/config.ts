import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { asBackupUrl, asBucketUrl, asDatabaseUrl, asNetworks } from './setting-formats.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** All settings of the operator, validated and frozen. */
export interface Config {
  host: string
  port: number
  /** The absolute path of the directory for the SQLite file and the files of messages. */
  dataDir: string
  /** The PostgreSQL database to use instead of SQLite. It can contain a password. */
  databaseUrl: string | undefined
  /** The most threads that run long reads of SQLite. With 0 they run on the thread that answers requests. */
  readThreads: number
  /** The format of the database of which the operator has a backup, so that an upgrade may rewrite it. */
  backedUpFormat: number | undefined
  /** The key that encrypts secrets in the database, 32 bytes in base64. If undefined, it is in a file of `dataDir`. */
  secretKey: string | undefined
  /** The key that `ndoto rotate-key` changes to. If undefined, it is generated. */
  newSecretKey: string | undefined
  /** Without a slash at the end. */
  publicUrl: string
  /** The first administrator. The first start generates what is undefined. */
  admin: { email: string | undefined; password: string | undefined; token: string | undefined }
  /** The mail server and the sender of mails. Without a server, no mails are sent. The URL can contain a password. */
  mail: { url: string | undefined; from: string | undefined }
  /** Requests a minute for each token, or for each address without a token. null means no limit. */
  rateLimit: number | null
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is trusted. */
  trustProxy: string[]
  /** Lets webhooks call this machine and private networks. */
  webhookAllowPrivate: boolean
  /** The S3-compatible service that stores files, with its key. If undefined, they are stored in `dataDir`. */
  filesUrl: string | undefined
  /** The address of files of messages if it is not `publicUrl`: on another host, without a slash at the end. */
  filesPublicUrl: string | undefined
  /** The host, maybe with a port, at whose root the server speaks the API of Chatwoot, in small letters. */
  chatwootHost: string | undefined
  /** The maximum size of one file of a message, in bytes. */
  maxFileSize: number
  /** The maximum size of one file of a customer, in bytes; at most `maxFileSize`. */
  clientMaxFileSize: number
  /** Bytes of files that the customers of one inbox can send in a day. null means no limit. */
  clientUploadQuota: number | null
  /** Bytes that must stay free on the disk of `dataDir`. With less, files are refused. */
  minFreeDisk: number
  /**
   * Where backups are stored, a `file:` or `s3:` URL, which can contain a key, and the hours between two. They are encrypted
   * with `key`, 32 bytes in base64, or else with one derived from the secret key. Besides those of the last day, the newest
   * one of so many days and weeks is kept.
   */
  backup: { url: string | undefined; every: number; key: string | undefined; daily: number; weekly: number }
  /** Days after which events are removed from the log. */
  eventRetentionDays: number
  /** Whether `/metrics` is served, and the token that reading it requires, if any. */
  metrics: { isOn: boolean; token: string | undefined }
  /** Serves `/docs` and `/openapi.json`. */
  apiDocs: boolean
  /** The contact for reports of vulnerabilities, a mailto: or https: URL. */
  securityContact: string | undefined
  logLevel: LogLevel
}

/** An invalid setting. Its message is for the operator, and contains the variable and the rule. */
export class ConfigError extends Error {}

const megabyte = 1024 ** 2

type Environment = Record<string, string | undefined>

/**
 * Reads the settings. Throws a ConfigError with all invalid settings, one in each line. In a terminal, a line for each
 * request would push away what the first start prints once, so they are logged there only if `LOG_LEVEL` says so.
 */
export function readConfig(environment: Environment = process.env, { isTerminal = false } = {}): Config {
  const problems: string[] = []
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, rule: string): T => {
    const text = environment[name]?.trim()
    if (!text) return fallback
    const value = parse(text)
    if (value !== undefined) return value
    problems.push(`${name} is "${text}", but must be ${rule}.`)
    return fallback
  }
  const text = (value: string) => value
  const wholeNumber = (low: number, high: number) => (value: string) =>
    /^\d{1,9}$/.test(value) && Number(value) >= low && Number(value) <= high ? Number(value) : undefined
  const megabytes = (low: number, high: number) => (value: string) => {
    const number = wholeNumber(low, high)(value)
    return number === undefined ? undefined : number * megabyte
  }
  const fileSize = (name: string, fallback: number) =>
    read(name, fallback * megabyte, megabytes(1, 2000), 'a whole number of megabytes from 1 to 2000')
  const secretKey = (name: string) =>
    read(name, undefined, asSecretKey, '32 random bytes in base64, as "openssl rand -base64 32" prints them')

  const host = read('HOST', '127.0.0.1', text, 'an address')
  const port = read('PORT', 3000, wholeNumber(0, 65535), 'a whole number from 0 to 65535')
  const publicUrl = read('PUBLIC_URL', localUrl(host, port), asUrl, 'an http:// or https:// address')
  const filesPublicUrl = read(
    'FILES_PUBLIC_URL',
    undefined,
    (value) => asUrlOfOtherHost(value, publicUrl),
    'an http:// or https:// address whose host is not that of PUBLIC_URL',
  )
  const maxFileSize = fileSize('NDOTO_MAX_FILE_SIZE', 40)
  const config: Config = {
    host,
    port,
    dataDir: resolve(read('DATA_DIR', './data', text, 'a directory')),
    databaseUrl: read(
      'DATABASE_URL',
      undefined,
      (value) => asDatabaseUrl(value, environment.PGOPTIONS),
      'postgres://USER:PASSWORD@HOST:PORT/DATABASE; docs/configuration.md lists the options that can follow after a "?"',
    ),
    readThreads: read(
      'NDOTO_READ_THREADS',
      Math.min(4, Math.max(1, availableParallelism() - 1)),
      wholeNumber(0, 64),
      'a whole number of threads from 0 to 64',
    ),
    backedUpFormat: read('NDOTO_BACKED_UP_FORMAT', undefined, wholeNumber(1, 99_999), 'a database format'),
    secretKey: secretKey('NDOTO_SECRET_KEY'),
    newSecretKey: secretKey('NDOTO_NEW_SECRET_KEY'),
    publicUrl,
    admin: {
      email: read('NDOTO_ADMIN_EMAIL', undefined, asEmail, 'an e-mail address'),
      password: read('NDOTO_ADMIN_PASSWORD', undefined, atLeast(8), 'at least 8 characters long'),
      token: read('NDOTO_ADMIN_TOKEN', undefined, asToken, '20 to 200 letters, digits, "-", "_" or "."'),
    },
    mail: {
      url: read(
        'SMTP_URL',
        undefined,
        asSmtpUrl,
        'smtp://USER:PASSWORD@HOST:PORT, or smtps://; ?starttls=optional may follow smtp://',
      ),
      from: read('MAIL_FROM', undefined, asSender, 'an address, or Name <address>'),
    },
    rateLimit: read<number | null>(
      'NDOTO_RATE_LIMIT',
      600,
      (value) => (value === 'off' ? null : wholeNumber(1, 100_000_000)(value)),
      'a whole number of requests a minute, or "off"',
    ),
    trustProxy: read(
      'TRUST_PROXY',
      [],
      asNetworks,
      'a comma-separated list of addresses or networks (10.0.0.0/8)',
    ),
    webhookAllowPrivate: read('NDOTO_WEBHOOK_ALLOW_PRIVATE', false, asBoolean, 'true or false'),
    filesUrl: read(
      'FILES_URL',
      undefined,
      asBucketUrl,
      's3://KEY:SECRET@HOST/BUCKET?region=REGION, or s3+http:// without TLS',
    ),
    filesPublicUrl,
    chatwootHost: read(
      'NDOTO_CHATWOOT_HOST',
      undefined,
      (value) => asOtherHost(value, publicUrl),
      'a host such as chat.example.com that is not that of PUBLIC_URL',
    ),
    maxFileSize,
    clientMaxFileSize: Math.min(maxFileSize, fileSize('NDOTO_CLIENT_MAX_FILE_SIZE', 20)),
    clientUploadQuota: read<number | null>(
      'NDOTO_CLIENT_UPLOAD_QUOTA',
      2048 * megabyte,
      (value) => (value === 'off' ? null : megabytes(1, 100_000_000)(value)),
      'a whole number of megabytes, or "off"',
    ),
    minFreeDisk: read(
      'NDOTO_MIN_FREE_DISK',
      1024 * megabyte,
      megabytes(0, 100_000_000),
      'a whole number of megabytes',
    ),
    backup: {
      url: read(
        'NDOTO_BACKUP_URL',
        undefined,
        asBackupUrl,
        'file:///DIRECTORY, or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION, or s3+http:// without TLS',
      ),
      every: read('NDOTO_BACKUP_EVERY', 24, wholeNumber(1, 720), 'a whole number of hours from 1 to 720'),
      key: secretKey('NDOTO_BACKUP_KEY'),
      daily: read('NDOTO_BACKUP_DAILY', 7, wholeNumber(0, 1000), 'a whole number of days up to 1000'),
      weekly: read('NDOTO_BACKUP_WEEKLY', 4, wholeNumber(0, 1000), 'a whole number of weeks up to 1000'),
    },
    eventRetentionDays: read(
      'NDOTO_EVENT_RETENTION_DAYS',
      30,
      wholeNumber(1, 36_500),
      'a whole number of days from 1 to 36500',
    ),
    metrics: {
      isOn: read('METRICS', true, asSwitch, 'on or off'),
      token: read('METRICS_TOKEN', undefined, asToken, '20 to 200 letters, digits, "-", "_" or "."'),
    },
    apiDocs: read('API_DOCS', true, asSwitch, 'on or off'),
    securityContact: read(
      'SECURITY_CONTACT',
      undefined,
      asContact,
      'mailto:ADDRESS, or the https:// address of a page',
    ),
    logLevel: read('LOG_LEVEL', isTerminal ? 'warn' : 'info', asLogLevel, `one of ${logLevels.join(', ')}`),
  }
  if (config.databaseUrl && config.backup.url) {
    problems.push(
      'NDOTO_BACKUP_URL is for SQLite, but DATABASE_URL is set. Back up PostgreSQL with its own tools, such as pg_dump, and remove NDOTO_BACKUP_URL.',
    )
  }
  // A mistyped secret must not end up in a log.
  if (problems.length > 0) throw new ConfigError(problems.map(withoutSecret).join('\n'))
  return Object.freeze(config)
}

/** Returns the address at which a server on `host` and `port` is reachable from the same machine. */
export function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

function asUrl(value: string): string | undefined {
  const url = URL.parse(value)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  return value.replace(/(?<!\/)\/+$/, '')
}

function asUrlOfOtherHost(value: string, other: string): string | undefined {
  const url = asUrl(value)
  return url && new URL(url).host !== new URL(other).host ? url : undefined
}

function asOtherHost(value: string, other: string): string | undefined {
  const url = URL.parse(`http://${value}`)
  return url?.host === value.toLowerCase() && url.host !== new URL(other).host ? url.host : undefined
}

function asEmail(value: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(value) ? value : undefined
}

function asSmtpUrl(value: string): string | undefined {
  const url = URL.parse(value)
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol)) return undefined
  const starttls = url.searchParams.get('starttls')
  const isKnown = starttls === null || (starttls === 'optional' && url.protocol === 'smtp:')
  return isKnown ? value : undefined
}

function asSender(value: string): string | undefined {
  return /^(?:[^\s@<>]+@[^\s@<>]+|[^<>\n]+ <[^\s@<>]+@[^\s@<>]+>)$/.test(value) ? value : undefined
}

function asSecretKey(value: string): string | undefined {
  return Buffer.from(value, 'base64').length === 32 && /^[\w+/]{43}=$/.test(value) ? value : undefined
}

function asToken(value: string): string | undefined {
  return /^[\w.-]{20,200}$/.test(value) ? value : undefined
}

function asLogLevel(value: string): LogLevel | undefined {
  return logLevels.find((level) => level === value)
}

function asBoolean(value: string): boolean | undefined {
  return value === 'true' ? true : value === 'false' ? false : undefined
}

function asSwitch(value: string): boolean | undefined {
  return value === 'on' ? true : value === 'off' ? false : undefined
}

function asContact(value: string): string | undefined {
  return /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(value) && URL.canParse(value) ? value : undefined
}

function atLeast(length: number): (value: string) => string | undefined {
  return (value) => (value.length >= length ? value : undefined)
}

function withoutSecret(problem: string): string {
  return problem.replace(
    /^(NDOTO_ADMIN_(?:PASSWORD|TOKEN)|NDOTO_(?:NEW_)?SECRET_KEY|NDOTO_BACKUP_(?:KEY|URL)|METRICS_TOKEN|DATABASE_URL|SMTP_URL|FILES_URL) is ".*", but must be/s,
    '$1 must be',
  )
}
