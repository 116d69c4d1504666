import type { View } from '../data/api-types.ts'
import { operatorStrings } from './operator-strings.ts'

export type Operator = View['filter'][number]['filter_operator']

/** Returns what a comparison is called, which is another word for times. */
export function nameOfOperator(operator: Operator, isTime: boolean): string {
  const { all, ofTimes } = operatorStrings
  return (isTime && ofTimes[operator as keyof typeof ofTimes]) || all[operator]
}
