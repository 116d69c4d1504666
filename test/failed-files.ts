import type { TestEvent } from 'node:test/reporters'

/** A reporter that writes the paths of the test files that fail, a line each. */
export default async function* failedFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type === 'test:fail' && data.nesting === 0) yield `${data.name}\n`
  }
}
