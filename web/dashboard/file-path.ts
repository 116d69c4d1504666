/** The path of a file's link: links begin with the public address, but the page may come from another one. */
export function filePath(link: string): string {
  const { pathname, search } = new URL(link, location.origin)
  return pathname + search
}
