/** The path before those of Chatwoot. */
export const basePath = '/chatwoot'
