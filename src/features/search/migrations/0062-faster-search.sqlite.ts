// SQLite's index has no such function.
export const sqlite = ''
