/**
 * The HTTP of Node.js. Do not import it: an import reads all that it exports, which loads a second HTTP client with its
 * WebSockets. Nothing uses these when the server starts, and they take 25 ms.
 */
export const http = process.getBuiltinModule('node:http')
