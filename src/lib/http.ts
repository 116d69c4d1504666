/**
 * Use this instead of importing values from `node:http`: such an import reads all exports, and one of them loads a second
 * HTTP client, undici, which nothing uses when the server starts. That takes 25 ms.
 */
export const http = process.getBuiltinModule('node:http')
