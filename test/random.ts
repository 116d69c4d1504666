import fc from 'fast-check'

/*
 * The suite tries the same inputs at every run, so that it fails where something has changed and only there.
 * TEST_SEED=random looks further; a number repeats what was found.
 */

const given = process.env.TEST_SEED ?? '1'
/** What all random input of the tests comes from. */
export const seed = given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given)

fc.configureGlobal({ seed })

export { fc }
