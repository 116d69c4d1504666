import { it } from 'node:test'
import { deliverWhileKilling } from '../../../../test/mail-crashes.ts'

// `node bench/mail-crashes.ts` does the same with 10,000 mails and 50 kills.
it('A server that is killed while mails are delivered stores each of them once', async (t) => {
  await deliverWhileKilling(t, { count: 300, malformed: 10, kills: 5 })
})
