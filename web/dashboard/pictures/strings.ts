import { number } from '../language.ts'

/** The texts about pictures. */
export const pictureStrings = {
  title: 'Picture',
  original: 'Open in a new tab',
  previous: 'Previous picture',
  next: 'Next picture',
  position: (at: number, count: number) => `${number(at)} of ${number(count)}`,
}
