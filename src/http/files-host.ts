import type { FastifyInstance } from 'fastify'
import { notFound } from '../lib/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Serves files of messages. */
    files?: boolean
  }
}

interface Addresses {
  publicUrl: string
  filesPublicUrl: string | undefined
}

/**
 * Keeps files of strangers off the dashboard's origin, if FILES_PUBLIC_URL names another host for them: that host answers
 * with files only, and the host of PUBLIC_URL redirects to it. Any other host (a machine's own address) answers with both.
 */
export function separateFiles(app: FastifyInstance, { publicUrl, filesPublicUrl }: Addresses): void {
  if (filesPublicUrl === undefined) return
  const { host: filesHost } = new URL(filesPublicUrl)
  const { host: ownHost } = new URL(publicUrl)
  app.addHook('onRequest', async (request, reply) => {
    const host = request.host.toLowerCase()
    const isFile = request.routeOptions.config.files === true
    if (host === filesHost && !isFile)
      throw notFound('on this host, which has only files of messages, this path was')
    if (host === ownHost && isFile) {
      // No longer than the links are the same.
      reply.header('cache-control', 'private, max-age=86400')
      return reply.redirect(filesPublicUrl + request.url, 308)
    }
  })
}

/** What a content security policy must list so that a page can show files: nothing if they are on the page's own host. */
export function filesSource(filesPublicUrl: string | undefined): string {
  return filesPublicUrl === undefined ? '' : ` ${new URL(filesPublicUrl).origin}`
}
