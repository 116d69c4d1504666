import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, it } from 'node:test'
import { noBrowser, signIn, startBrowser } from './chromium.ts'
import { arrived, bubble, frameOf, openPanel, write } from './visitor.ts'

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('ndoto-demo-'))

describe('the demo', { skip: noBrowser }, () => {
  it('is a shop and a dashboard that talk to each other, and leaves nothing behind', async () => {
    const before = folders()
    const demo = spawn(process.execPath, ['demo/demo.ts'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const browser = await startBrowser()
    try {
      let printed = ''
      for await (const chunk of demo.stdout) {
        printed += chunk
        if (printed.includes('Ctrl+C')) break
      }
      const word = (name: string) => new RegExp(`${name} +(\\S+)`).exec(printed)![1]!
      const shop = await browser.newPage({ viewport: { width: 1200, height: 800 } })
      await shop.goto(word('The shop'))
      await shop.getByRole('button', { name: 'Ask us' }).click()
      await write(shop, 'Do you ship to Norway?')
      await arrived(shop, 'Do you ship to Norway?')
      const desk = await browser.newPage()
      await desk.goto(word('The dashboard'))
      await signIn(desk, word('E-mail address'), word('Password'))
      await desk.getByRole('link', { name: /Do you ship to Norway/ }).click()
      await desk.getByRole('textbox', { name: 'Reply' }).fill('Within a week.')
      await desk.keyboard.press('Enter')
      await bubble(shop, 'Within a week.').waitFor()
      await shop.getByRole('button', { name: 'Sign in as Ada' }).click()
      await bubble(shop, 'Good news, Ada').waitFor()
      await frameOf(shop).getByRole('button', { name: 'Yes, please' }).click()
      await frameOf(shop).locator('[aria-pressed=true]', { hasText: 'Yes, please' }).waitFor()
      await shop.getByRole('button', { name: 'Sign out' }).click()
      await openPanel(shop)
      await bubble(shop, 'Questions about shoes').waitFor()
      assert.equal(await bubble(shop, 'Good news, Ada').count(), 0)
    } finally {
      await browser.close()
      demo.kill()
      await once(demo, 'exit')
    }
    assert.equal(demo.exitCode, 0)
    assert.deepEqual(
      folders().filter((name) => !before.includes(name) && existsSync(name)),
      [],
    )
  })
})
