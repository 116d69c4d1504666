import { localized } from '../language.ts'

/** The comparisons of a filter, by their names in the API. */
export const operatorStrings = localized('operators', {
  all: {
    equal_to: 'is',
    not_equal_to: 'is not',
    contains: 'contains',
    does_not_contain: 'does not contain',
    starts_with: 'starts with',
    is_present: 'is set',
    is_not_present: 'is not set',
    is_greater_than: 'is greater than',
    is_less_than: 'is less than',
    days_before: 'more than this many days ago',
  },
  ofTimes: { is_greater_than: 'after', is_less_than: 'before' },
})
