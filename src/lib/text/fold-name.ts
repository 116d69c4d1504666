/** The form in which names of companies are compared. */
export function foldName(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase()
}
