import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { assertLooksRight } from './looks.ts'

describe('canned responses in the composer', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await create('refund', 'Hello {{contact.first_name | there}}, the refund takes two days.')
    await create('thanks', 'Thank you for writing to {{account.name}}.')
    await create('return', `Put it back into its box.\n${'Then bring it to us. '.repeat(40)}`)
    await createWithFiles('map', 'Here is the way to us.', ['map.txt', 'hours.txt'])
    window = await openWindow(browser, test, '/conversations/1')
    await signIn(window.page)
    await composer().waitFor()
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const create = async (short_code: string, content: string) =>
    (await test.api('/canned_responses', { method: 'POST', body: { short_code, content } })).body.id
  const createWithFiles = (short_code: string, content: string, names: string[]) => {
    const form = new FormData()
    form.append('short_code', short_code)
    form.append('content', content)
    for (const name of names) form.append('attachments[]', new File([`This is ${name}`], name))
    return test.api('/canned_responses', { method: 'POST', body: form })
  }
  const composer = () => window.page.locator('#composer')
  const text = () => composer().inputValue()
  const list = () => window.page.getByRole('listbox', { name: 'Canned responses' })
  const options = () => list().getByRole('option')
  const status = (sentence: string) => window.page.locator('.canned-status', { hasText: sentence }).waitFor()
  const type = (keys: string) => window.page.keyboard.type(keys)
  const press = async (...keys: string[]) => {
    for (const key of keys) await window.page.keyboard.press(key)
  }
  const restart = async (...keys: string[]) => {
    await composer().fill('')
    await composer().focus()
    for (const key of keys) await type(key)
  }
  const messages = async (): Promise<{ content: string; attachments: { file_name: string }[] }[]> =>
    (await test.api('/conversations/1/messages')).body.payload
  const last = async () => (await messages()).at(-1)!

  it('open with a slash, are searched while somebody types, and are filled in with Enter', async () => {
    await restart('Good morning. /')
    await status('4 canned responses')
    assert.equal(await options().count(), 4)
    await type('REF')
    await status('1 canned response')
    await press('Enter')
    await eventually(async () => (await text()) === 'Good morning. Hello Jane, the refund takes two days.')
    assert.equal(await list().count(), 0)
    await press('Control+z')
    await eventually(async () => (await text()) === 'Good morning. /REF')
    await press('Control+Shift+z')
    await eventually(async () => /two days\.$/.test(await text()))
  })

  it('can be several in one reply, which is sent as it was shown', async () => {
    await restart('/refund')
    await press('Enter')
    await eventually(async () => /two days/.test(await text()))
    await press('Shift+Enter')
    await type('/than')
    await press('Enter')
    await eventually(async () => /Thank you/.test(await text()))
    const shown = await text()
    assert.match(shown, /^Hello Jane, .*days\.\nThank you for writing to [^{]+\.$/)
    await press('Enter')
    await eventually(async () => (await last()).content === shown)
  })

  it('are chosen with the arrow keys, and read out by screen readers', async () => {
    await restart('/')
    await status('4 canned responses')
    /** Waits until the option that screen readers read is the one with this short code. */
    const isActive = (code: string) =>
      eventually(async () => {
        const active = await composer().getAttribute('aria-activedescendant')
        return active !== null && (await window.page.locator(`#${active} strong`).textContent()) === code
      })
    assert.equal(await composer().getAttribute('aria-controls'), await list().getAttribute('id'))
    await isActive('/map')
    await press('ArrowUp')
    await isActive('/thanks')
    await press('ArrowDown', 'ArrowDown')
    await isActive('/refund')
    assert.equal(await options().nth(1).getAttribute('aria-selected'), 'true')
    assert.equal(await options().nth(0).getAttribute('aria-selected'), 'false')
    await press('Escape')
    await list().waitFor({ state: 'detached' })
    assert.equal(await composer().getAttribute('aria-activedescendant'), null)
  })

  it('close with Escape, which keeps the text and the focus', async () => {
    await restart('/ref')
    await status('1 canned response')
    await press('Escape')
    await list().waitFor({ state: 'detached' })
    await type('u')
    await window.page.waitForTimeout(300)
    assert.equal(await list().count(), 0)
    assert.equal(await text(), '/refu')
    assert.equal(await window.page.evaluate('document.activeElement.id'), 'composer')
    // Another slash opens them again.
    await type(' /')
    await status('4 canned responses')
  })

  it('are not opened by a path, a date or a fraction', async () => {
    for (const other of ['and/or', 'https://example.com/a', '1/2', '/usr/']) {
      await restart(other)
      await window.page.waitForTimeout(200)
      assert.equal(await list().count(), 0, other)
    }
  })

  it('never send the short code of somebody who types faster than they are found', async () => {
    const before = (await messages()).length
    await window.page.route('**/canned_responses?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      await route.continue()
    })
    await restart('/thanks')
    await press('Enter')
    await eventually(async () => /^Thank you/.test(await text()))
    await window.page.unroute('**/canned_responses?*')
    await restart('/refnd')
    await status('No canned response with “refnd”')
    await press('Enter')
    assert.equal(await text(), '/refnd')
    assert.equal((await messages()).length, before)
  })

  it('say if they cannot be loaded, and let the text be sent', async () => {
    await window.page.route('**/canned_responses?*', (route) => route.abort())
    await restart('/shrug')
    await status('Cannot reach the server')
    await press('Escape', 'Enter')
    await eventually(async () => (await last()).content === '/shrug')
    await window.page.unroute('**/canned_responses?*')
  })

  it('bring their files, also after a reload, and let them be removed', async () => {
    await restart('/map')
    await press('Enter')
    const chip = window.page.locator('.composer .file', { hasText: 'map.txt, hours.txt' })
    await chip.waitFor()
    await window.page.reload()
    await chip.waitFor()
    await window.page.getByRole('button', { name: 'Send reply' }).click()
    await eventually(async () => (await last()).content === 'Here is the way to us.')
    assert.deepEqual(
      (await last()).attachments.map(({ file_name }) => file_name),
      ['map.txt', 'hours.txt'],
    )
    await restart('/map')
    await press('Enter')
    await window.page.getByRole('button', { name: 'Remove map.txt, hours.txt' }).click()
    await chip.waitFor({ state: 'detached' })
    await press('End', 'Enter')
    await eventually(
      async () => (await messages()).filter(({ content }) => /way to us/.test(content)).length === 2,
    )
    assert.deepEqual((await last()).attachments, [])
  })

  it('send together with files of their own, and a name with braces as it is', async () => {
    const body = { name: '{{agent.name}}' }
    const { contact } = (await test.api('/conversations/1')).body
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body })
    await createWithFiles('name', 'Dear {{contact.name}},', ['a.txt'])
    const own = { name: 'own.txt', mimeType: 'text/plain', buffer: Buffer.from('Mine') }
    await window.page.locator('.composer input[type=file]').setInputFiles([own])
    await restart('/name')
    await press('Enter')
    await eventually(async () => (await text()) === 'Dear {{agent.name}},')
    await press('Enter')
    await eventually(async () => (await last()).content === 'Dear {{agent.name}},')
    assert.equal((await last()).attachments.length, 2)
    await test.api(`/contacts/${contact.id}`, { method: 'PATCH', body: { name: 'Jane Doe' } })
  })

  it('show what others create while they are open', async () => {
    await restart('/brand')
    await status('No canned response with')
    await create('brand-new', 'A new one')
    await options().filter({ hasText: '/brand-new' }).waitFor()
  })

  it('can be clicked, also after the button that opens them', async () => {
    await restart('Well,')
    await window.page.getByRole('button', { name: 'Insert canned response' }).click()
    await options().filter({ hasText: '/thanks' }).click()
    await eventually(async () => /^Well, Thank you/.test(await text()))
    assert.equal(await window.page.evaluate('document.activeElement.id'), 'composer')
  })

  it('are right for eyes, screen readers and small windows', async () => {
    await restart('/')
    await options().first().waitFor()
    await assertLooksRight(window.page)
    for (const size of [
      { width: 320, height: 640 },
      { width: 360, height: 400 },
      { width: 1280, height: 800 },
    ]) {
      await window.page.setViewportSize(size)
      assert.deepEqual(await layoutFaults(window.page), [], `${size.width} px`)
    }
  })
})
