import type { Parameters } from './parameters.ts'

/** Reads the titles of labels. As in Chatwoot, they are in small letters. */
export function labelTitles(parameters: Parameters): { labels: string[] } {
  const titles = (parameters.texts('labels') ?? []).map((title) => title.trim().toLowerCase())
  return { labels: [...new Set(titles)] }
}
