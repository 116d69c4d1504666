import { signal } from '@preact/signals'
import { strings } from './strings.ts'

/** The title of the page, without the number of conversations that wait. */
export const pageTitle = signal(strings.productName)
