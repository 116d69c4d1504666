import { describe, it } from 'node:test'
import { assertRefused, startTestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'

describe('a token that opens too many streams', () => {
  it('is refused one more', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const streams = await Promise.all(Array.from({ length: 100 }, () => openStream(limited)))
    assertRefused(await limited.api('/events'), 429, /^more than 100 streams at once/)
    for (const stream of streams) stream.close()
    await limited.close()
  })
})
