/*
 * Adds to each event who caused it, why, and the previous values. Existing events keep the shape that they have:
 * `src/events/old-events.ts` converts them when they are read.
 */
export const sqlite = `
alter table events add column actor_type text;
alter table events add column actor_id integer;
alter table events add column cause text;
alter table events add column before text;
`
