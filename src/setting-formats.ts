import { isIP } from 'node:net'

/*
 * Formats of settings. Each returns what the text says, or undefined if it has another format.
 */

/** Returns the URL of a PostgreSQL database, with `options` if it has none, as libpq does. */
export function asDatabaseUrl(value: string, options: string | undefined): string | undefined {
  const url = URL.parse(value)
  const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
  if (!url || !isPostgres || url.pathname.length < 2) return undefined
  const { searchParams } = url
  const numbers = ['pool_size', 'connect_timeout', 'statement_timeout']
  const isWrong = (name: string) => !/^[1-9]\d{0,8}$/.test(searchParams.get(name) ?? '1')
  if (numbers.some(isWrong)) return undefined
  const addsOptions = options && !searchParams.has('options')
  if (addsOptions) searchParams.set('options', options)
  const pooler = searchParams.get('pooler')
  // A pooler shares connections between clients, so it does not accept options, which can select another schema.
  if (pooler !== null && (!isHostAndPort(pooler) || searchParams.has('options'))) return undefined
  return addsOptions ? url.href : value
}

function isHostAndPort(text: string): boolean {
  const url = URL.parse(`postgres://${text}`)
  return url?.host === text && Number(url.port) > 0
}

/** Returns the URL of a bucket, or a folder in it, with a key. */
export function asBucketUrl(value: string): string | undefined {
  const url = URL.parse(value)
  const isS3 = url?.protocol === 's3:' || url?.protocol === 's3+http:'
  return isS3 && url.host && url.username && url.password && url.pathname.length > 1 ? value : undefined
}

/** Returns the URL of a folder of this machine, or of a bucket. */
export function asBackupUrl(value: string): string | undefined {
  if (!value.startsWith('file:')) return asBucketUrl(value)
  const url = URL.parse(value)
  return url && url.host === '' && url.pathname.length > 1 && value.startsWith('file:///') ? value : undefined
}

/** Returns addresses and networks that are separated by commas. */
export function asNetworks(value: string): string[] | undefined {
  const networks = value.split(',').map((part) => part.trim())
  return networks.every(isNetwork) ? networks : undefined
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number
  if (bits === undefined) return width > 0
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= width
}
