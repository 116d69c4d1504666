// One file for both, because both need the parser of Markdown: what two files on demand need is put into the first load.
export { Markdown } from '../../../shared/markdown.tsx'
export { Quote } from './quote.tsx'
