/** Milliseconds since 1970 (as the database keeps times) to the whole seconds that the API shows. */
export function toSeconds(milliseconds: number): number
export function toSeconds(milliseconds: number | null): number | null
export function toSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000)
}
