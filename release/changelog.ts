const heading = /^## \[(?:Unreleased|\d+\.\d+\.\d+)\](?: - unreleased)?$/m

/**
 * Turns the section of what is not released yet into that of `version`, and puts an empty one before it. `date` is
 * `YYYY-MM-DD`. Returns the new changelog, and the text of the section. Throws if there is no such section, or if
 * nothing is in it.
 */
export function releaseSection(
  changelog: string,
  version: string,
  date: string,
): { changelog: string; section: string } {
  const found = heading.exec(changelog)
  if (!found) throw new Error('CHANGELOG.md has no section of changes that are not released.')
  const start = found.index + found[0].length
  const next = changelog.indexOf('\n## [', start)
  const section = changelog.slice(start, next < 0 ? undefined : next).trim()
  if (!section) throw new Error('CHANGELOG.md says nothing about this version.')
  const before = changelog.slice(0, found.index)
  const title = `## [Unreleased]\n\n## [${version}] - ${date}`
  return { changelog: `${before}${title}${changelog.slice(start)}`, section }
}
