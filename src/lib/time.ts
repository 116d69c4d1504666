/** Converts milliseconds since 1970, as stored in the database, to the whole seconds of the API. */
export function toSeconds(milliseconds: number): number
export function toSeconds(milliseconds: number | null): number | null
export function toSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000)
}
