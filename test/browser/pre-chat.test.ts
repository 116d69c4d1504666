import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser } from './chromium.ts'
import { assertLooksRight, brokenRules } from './looks.ts'
import { addWidget, embedding, type Shop, shopPage, startShop } from './shop.ts'
import { arrived, frameOf, innerOf, openPanel, write } from './visitor.ts'

describe('the form before a chat', { skip: noBrowser }, () => {
  let test: TestApp
  let shop: Shop
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    shop = await startShop()
  })
  after(async () => {
    await browser?.close()
    await shop?.close()
    await test?.close()
  })

  it('is made in the settings, asks for what is not known, and its answers are the contact', async () => {
    const inbox = await addWidget(test, shop)
    const agent = await openWindow(browser, test)
    await signIn(agent.page)
    await agent.page.goto(`${test.app.url}/settings/inboxes/${inbox.id}`)
    const settings = agent.page
    await settings.getByLabel('Ask visitors for something before their first message').check()
    await settings.getByRole('textbox', { name: 'Text above the form' }).fill('Tell us who you are')
    await settings.getByRole('button', { name: 'Add a field' }).click()
    await settings.getByRole('combobox', { name: 'Field 3', exact: true }).selectOption('Choice')
    await settings.getByRole('textbox', { name: 'Label of field 3' }).fill('Which size?')
    await settings.getByRole('textbox', { name: 'Choices of field 3' }).fill('Small\n\nLarge')
    await assertLooksRight(settings)
    await settings.getByRole('button', { name: 'Save' }).first().click()
    await settings.getByText('Saved').first().waitFor()
    await agent.close()
    const { widget } = (await test.api(`/inboxes/${inbox.id}`)).body
    assert.deepEqual(widget.pre_chat_form_options.pre_chat_fields[2], {
      name: 'which_size',
      label: 'Which size?',
      type: 'select',
      required: false,
      values: ['Small', 'Large'],
    })

    shop.page('/boots', shopPage(embedding(test, inbox)))
    const visitor = await openWindow(browser, test, new URL('/boots', shop.origin))
    const { page } = visitor
    await openPanel(page)
    const frame = frameOf(page)
    await frame.getByText('Tell us who you are').waitFor()
    assert.equal(await frame.getByRole('textbox', { name: 'Write a message…' }).count(), 0)
    assert.deepEqual(await brokenRules(innerOf(page)), [])
    await frame.getByLabel('Name').fill('Amara')
    const start = frame.getByRole('button', { name: 'Start the chat' })
    await start.click()
    // The browser insists on what is required, and the server on what is right.
    assert.equal(await frame.getByRole('textbox', { name: 'Write a message…' }).count(), 0)
    await frame.getByLabel('E-mail address').fill('amara@example')
    await start.click()
    await frame.getByRole('alert').filter({ hasText: 'Please check what you have entered.' }).waitFor()
    await frame.getByLabel('E-mail address').fill('amara@example.com')
    await frame.getByLabel('Which size?').selectOption('Large')
    await start.click()
    await write(page, 'Do you have these boots?')
    await arrived(page, 'Do you have these boots?')
    await page.reload()
    await arrived(page, 'Do you have these boots?')
    assert.equal(await start.count(), 0)
    await visitor.close()
    const { payload } = (await test.api(`/conversations?inbox_id=${inbox.id}&status=all`)).body.data
    const contact = (await test.api(`/contacts/${payload[0].contact.id}`)).body
    assert.deepEqual(
      [contact.name, contact.email, contact.custom_attributes],
      ['Amara', 'amara@example.com', { which_size: 'Large' }],
    )
  })
})
