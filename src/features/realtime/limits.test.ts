import { describe, it } from 'node:test'
import { assertRefused, startTestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'

describe('a token with 100 open streams', () => {
  it('cannot open another one', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const streams = await Promise.all(Array.from({ length: 100 }, () => openStream(limited)))
    assertRefused(await limited.api('/events'), 429, /^more than 100 streams at once/)
    for (const stream of streams) stream.close()
    await limited.close()
  })
})
