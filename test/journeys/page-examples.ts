/** A `sh` block of a page. */
export interface Block {
  code: string
  /** The `json` block that follows: the response to the last command of the block. */
  shown: string | undefined
}

/** Returns the blocks of a page in order, without those that follow the comment `<!-- not run -->`. */
export function pageBlocks(page: string): Block[] {
  const blocks: Block[] = []
  for (const [, notRun, kind, code] of page.matchAll(/(<!-- not run -->\s+)?^```(sh|json)\n(.*?)^```$/gms)) {
    if (notRun) continue
    if (kind === 'sh') blocks.push({ code: code!, shown: undefined })
    else if (blocks.length > 0) blocks.at(-1)!.shown = code!
  }
  return blocks
}

// A request that is refused ends the script, unless the page shows the error. A stream (`-N`) is read for two seconds.
const beginning = `set -euo pipefail
exec 3>&1
curl() {
  local code=0
  case " $* " in
    *' -N '*) command curl --silent --show-error --max-time 2 "$@" || code=$?; [ $code = 28 ] && code=0 ;;
    *) command curl --silent --show-error --fail-with-body "$@" || { code=$?; echo "curl $*" >&2; } ;;
  esac
  echo
  return $code
}
`

/** Returns a bash script that runs the blocks and writes what each prints to `output-0`, `output-1`, ... */
export function scriptOf(blocks: readonly Block[]): string {
  const steps = blocks.map(
    ({ code, shown }, index) => `set ${isError(shown) ? '+' : '-'}e\nexec >output-${index}\n${code}`,
  )
  return `${beginning}${steps.join('\n')}\nexec >&3\n`
}

function isError(shown: string | undefined): boolean {
  return shown !== undefined && 'error' in JSON.parse(shown)
}

// These differ on each server.
const volatile =
  /^(?:created_at|updated_at|expires_at|last_used_at|last_activity_at|.*_seen_at|at|after|source_id|pubsub_token|access_token|token|secret|inbox_identifier|hmac_token|.*_url|url|embed_script|duration_ms)$/

/** Returns how the response differs from what a page shows. Fields that the page leaves out do not count. */
export function shownDifferences(shown: unknown, actual: unknown, path = ''): string[] {
  const name = path.split('.').at(-1)!
  if (Array.isArray(shown) && Array.isArray(actual)) {
    if (shown.length !== actual.length) {
      return [`${path}: ${shown.length} elements are shown, ${actual.length} were returned`]
    }
    return shown.flatMap((one, index) => shownDifferences(one, actual[index], `${path}[${index}]`))
  }
  if (isObject(shown) && isObject(actual)) {
    return Object.entries(shown).flatMap(([key, value]) =>
      shownDifferences(value, actual[key], path ? `${path}.${key}` : key),
    )
  }
  const isSame = volatile.test(name) ? kindOf(shown) === kindOf(actual) : shown === actual
  return isSame ? [] : [`${path}: ${JSON.stringify(shown)} is shown, ${JSON.stringify(actual)} was returned`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}
