/**
 * Limits a step of work that others wait for, such as one of several transactions. Returns a function that says whether
 * the time is over, after which the step should end and leave the rest to the next one.
 */
export function timeSlice(milliseconds = 10): () => boolean {
  const end = performance.now() + milliseconds
  return () => performance.now() >= end
}
