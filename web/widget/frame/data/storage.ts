/** The frame's own storage; undefined where the browser refuses it one. */
export const ownStorage = find()

function find() {
  try {
    return { local: localStorage, session: sessionStorage }
  } catch {
    return undefined
  }
}
