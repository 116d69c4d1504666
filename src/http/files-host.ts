import type { FastifyInstance } from 'fastify'
import { notFound } from '../lib/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route serves files of messages. */
    files?: boolean
  }
}

interface Addresses {
  publicUrl: string
  filesPublicUrl: string | undefined
}

/**
 * Separates files, which come from strangers, from the origin of the dashboard if FILES_PUBLIC_URL is set: that host serves
 * only files, and the host of PUBLIC_URL redirects to it. Any other host (such as an IP address) serves both.
 */
export function separateFiles(app: FastifyInstance, { publicUrl, filesPublicUrl }: Addresses): void {
  if (filesPublicUrl === undefined) return
  const { host: filesHost } = new URL(filesPublicUrl)
  const { host: ownHost } = new URL(publicUrl)
  app.addHook('onRequest', async (request, reply) => {
    const host = request.host.toLowerCase()
    const isFile = request.routeOptions.config.files === true
    if (host === filesHost && !isFile)
      throw notFound('this host serves only files of messages: this path was')
    if (host === ownHost && isFile) {
      // Links stay the same for a day.
      reply.header('cache-control', 'private, max-age=86400')
      return reply.redirect(filesPublicUrl + request.url, 308)
    }
  })
}

/** Returns what to append to a source list of a content security policy, so that a page can show files. */
export function filesSource(filesPublicUrl: string | undefined): string {
  return filesPublicUrl === undefined ? '' : ` ${new URL(filesPublicUrl).origin}`
}
