import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commandLine, commandLineOf } from './program.ts'

describe('The command line that messages show', () => {
  it('goes through npm in a clone', () => {
    assert.equal(commandLine('doctor'), 'npm run -s ndoto -- doctor')
    assert.equal(commandLine('start'), 'npm start')
  })

  it('goes through npx in a folder with the package', () => {
    for (const script of ['/srv/node_modules/.bin/ndoto', '/srv/node_modules/ndoto/bin/ndoto.mjs'])
      assert.equal(commandLineOf('doctor', { isClone: false, script }), 'npx ndoto doctor')
  })

  it('is the name of the program if that is in the PATH', () => {
    const script = '/usr/local/bin/ndoto'
    assert.equal(commandLineOf('start', { isClone: false, script }), 'ndoto start')
  })
})
