import { readFile } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import type { ReadAnswer, ReadRequest } from './mail-reader.ts'
import { type ParseOptions, parseHead, parseMail, parseWhole } from './parse.ts'

/*
 * What runs in the thread of a MailReader: it parses the mails that it gets, one after another.
 */
parentPort!.on('message', async (request: ReadRequest) => {
  parentPort!.postMessage(await answer(request))
})

async function answer({ path, work, options }: ReadRequest): Promise<ReadAnswer> {
  try {
    const bytes = await readFile(path)
    if (work === 'head') return { mail: await parseHead(bytes) }
    if (work === 'whole') return { mail: await parseWhole(bytes) }
    return { mail: await parseMail(bytes, options as ParseOptions) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
