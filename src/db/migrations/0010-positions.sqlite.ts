/* The one writer of SQLite draws positions in the order of the commits. */
export const sqlite = ''
