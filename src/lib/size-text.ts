const gibibyte = 1024 ** 3
const mebibyte = 1024 ** 2

/** Returns a number of bytes as people read it: `1.5 GiB`, or `0.3 MiB` if it is less than a gibibyte. */
export function sizeText(bytes: number): string {
  return bytes < gibibyte ? `${(bytes / mebibyte).toFixed(1)} MiB` : `${(bytes / gibibyte).toFixed(1)} GiB`
}
