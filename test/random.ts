import fc from 'fast-check'

/*
 * Random input is the same in every run, so that a failure has a cause in the code. TEST_SEED=random tries other input;
 * TEST_SEED=NUMBER repeats a run.
 */

const setting = process.env.TEST_SEED ?? '1'
/** The seed of all random input. */
export const seed = setting === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(setting)

fc.configureGlobal({ seed })

export { fc }
