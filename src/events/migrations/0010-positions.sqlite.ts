/* SQLite has a single writer, which assigns positions in the order of the commits. */
export const sqlite = ''
