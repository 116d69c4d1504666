import { locale } from './language.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Formats a number of bytes. */
export function fileSizeText(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  // Only bytes as a word: the short form of their unit has no plural.
  const unitDisplay = step === 0 ? 'long' : 'short'
  const format = {
    style: 'unit',
    unit: units[step]!,
    unitDisplay,
    maximumFractionDigits: step > 1 ? 1 : 0,
  } as const
  return new Intl.NumberFormat(locale, format).format(bytes / 1024 ** step)
}
