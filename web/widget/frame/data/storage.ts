/** The frame's own storage; undefined if the browser refuses it. */
export const ownStorage = find()

function find() {
  try {
    return { local: localStorage, session: sessionStorage }
  } catch {
    return undefined
  }
}
