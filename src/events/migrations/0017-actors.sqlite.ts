/*
 * Who has done what events say, why, and what was before. Existing events keep the shape in which they were written:
 * `src/events/old-events.ts` converts them when they are read.
 */
export const sqlite = `
alter table events add column actor_type text;
alter table events add column actor_id integer;
alter table events add column cause text;
alter table events add column before text;
`
