/*
 * What was not imported has no name of its own in files. It gets one of its id and its time of creation: the same at
 * each export, another than what another installation gives, and known again by the one that has given it.
 */

/** The name in files of what was not imported. */
export function nameOf({ id, created_at }: { id: number; created_at: number }): string {
  return `${id}@${created_at}`
}

/** What such a name is made of; undefined for every other name. */
export function nativeName(name: string): { name: string; id: number; time: number } | undefined {
  const [, id, time] = /^([1-9]\d{0,15})@(\d{1,15})$/.exec(name) ?? []
  return id && time ? { name, id: Number(id), time: Number(time) } : undefined
}
