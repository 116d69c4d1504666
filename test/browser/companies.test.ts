import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addUser, cookieOf } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight } from './looks.ts'

const longName = 'Alexandra Papadopoulou-Richardson von und zu Ammersbek & Partners '.repeat(3).trim()

describe('The page of companies', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  const post = async (path: string, body: object) => {
    const response = await test.api(path, { method: 'POST', body })
    assert.ok(response.status < 300, JSON.stringify(response.body))
    return response.body
  }
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    for (let i = 0; i < 26; i++)
      await post('/companies', { name: `Company ${String(i).padStart(2, '0')}`, domain: `c${i}.example` })
    await post('/companies', { name: longName, description: longName })
    for (let i = 0; i < 17; i++) await post('/contacts', { name: `Person ${i}`, email: `p${i}@c7.example` })
    window = await openWindow(browser, test, '/companies')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const rows = () => window.page.locator('.contacts-row')
  const namesOfRows = () => window.page.locator('.contacts-row strong').allInnerTexts()
  const open = (name: string) => window.page.getByRole('link', { name: new RegExp(name) }).click()
  const find = async (q: string) =>
    (await test.api(`/companies/search?q=${encodeURIComponent(q)}`)).body.payload[0]

  it('lists all of them page by page, sorts and finds them', async () => {
    const { page } = window
    await page.getByText('Choose a company to see it here.').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await eventually(async () => (await rows().count()) === 27)
    await assertLooksRight(page)
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Most contacts')
    await eventually(async () => (await namesOfRows())[0] === 'Company 07')
    await page.getByRole('searchbox', { name: 'Search companies' }).fill('c12.exa')
    await eventually(async () => (await rows().count()) === 1)
    assert.deepEqual(await namesOfRows(), ['Company 12'])
    await page.getByRole('searchbox', { name: 'Search companies' }).fill('nobody')
    await page.getByText('No company matches.').waitFor()
    await page.getByRole('searchbox', { name: 'Search companies' }).fill('')
    await eventually(async () => (await rows().count()) === 25)
  })

  it('shows a company with its contacts and conversations, and changes it in place', async () => {
    const { page } = window
    const contact_id = (await test.api('/contacts/search?q=p3@c7')).body.payload[0].id
    const { id } = await post('/conversations', { inbox_id: 1, contact_id })
    await post(`/conversations/${id}/messages`, { content: 'Where is my order?', message_type: 'incoming' })
    await open('Company 07')
    await page.getByRole('heading', { level: 1, name: 'Company 07' }).waitFor()
    await page.getByRole('link', { name: /Person 3: Where is my order/ }).waitFor()
    await page.locator('main').getByRole('button', { name: 'Show more' }).click()
    await page.getByRole('link', { name: 'Person 0 · p0@c7.example' }).waitFor()
    const domain = page.getByRole('textbox', { name: 'Domain' })
    await domain.fill('gmail.com')
    await domain.press('Enter')
    await page.getByText('Domain is one of a public mail provider').waitFor()
    await assertLooksRight(page)
    await domain.fill('seven.example')
    await domain.press('Enter')
    await page.getByText('Saved').waitFor()
    await page.locator('.contacts-row', { hasText: 'seven.example' }).waitFor()
    await test.api(`/companies/${(await find('seven')).id}`, { method: 'PATCH', body: { name: 'Seven' } })
    await page.getByRole('heading', { level: 1, name: 'Seven' }).waitFor()
  })

  it('creates a company, and deletes it without its contacts', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'New company' }).click()
    const form = page.getByRole('form', { name: 'New company' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Seven')
    await form.getByRole('button', { name: 'Create company' }).click()
    await form.locator('.field-error', { hasText: 'Name is already used by company' }).waitFor()
    await assertLooksRight(page)
    await form.getByRole('textbox', { name: 'Name' }).fill('Short-lived')
    await form.getByRole('button', { name: 'Create company' }).click()
    await page.getByRole('heading', { level: 1, name: 'Short-lived' }).waitFor()
    const { id } = await find('Short-lived')
    const contact = await post('/contacts', { name: 'Stays', company_id: id })
    await page.getByRole('button', { name: 'Delete company' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete company' }).click()
    await page.getByText('Choose a company to see it here.').waitFor()
    assert.equal(await find('Short-lived'), undefined)
    const { body } = await test.api(`/contacts/${contact.id}`)
    assert.deepEqual([body.name, body.company], ['Stays', null])
  })

  it('is where contacts get their company: a known one, a new one, or none', async () => {
    const { page } = window
    const { id } = await post('/contacts', { name: 'Ada' })
    const companyOf = async () => (await test.api(`/contacts/${id}`)).body.company?.name
    await page.goto(`${test.app.url}/contacts/${id}`)
    const field = page.getByRole('combobox', { name: 'Company' })
    await field.fill('company 1')
    await page.locator('datalist option[value="Company 12"]').waitFor({ state: 'attached' })
    await field.fill('company 12')
    await field.press('Enter')
    await eventually(async () => (await companyOf()) === 'Company 12')
    await page.locator('.contacts-row', { hasText: 'Company 12' }).waitFor()
    await assertLooksRight(page)
    await field.fill('Engines')
    await field.press('Enter')
    await eventually(async () => (await companyOf()) === 'Engines')
    for (let i = 0; i < 25; i++) await post('/companies', { name: `Acme ${i} Group` })
    await post('/companies', { name: 'Group' })
    await field.fill('GROUP')
    await field.press('Enter')
    await eventually(async () => (await companyOf()) === 'Group')
    await page.getByRole('link', { name: 'Open company' }).click()
    await page.getByRole('heading', { level: 1, name: 'Group' }).waitFor()
    await page.goBack()
    await field.fill('')
    await field.press('Enter')
    await eventually(async () => (await companyOf()) === undefined)
  })

  it('is where the details of a conversation and the palette lead to', async () => {
    const { page } = window
    const contact = (await test.api('/contacts/search?q=p3@c7')).body.payload[0]
    const { payload } = (await test.api(`/contacts/${contact.id}/conversations`)).body
    await page.goto(`${test.app.url}/conversations/${payload[0].id}`)
    const field = page.getByRole('combobox', { name: 'Company' })
    await field.waitFor()
    assert.equal(await field.inputValue(), 'Seven')
    await assertLooksRight(page)
    await page.getByRole('link', { name: 'Open company' }).click()
    await page.getByRole('heading', { level: 1, name: 'Seven' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('company 21')
    await page.getByRole('option', { name: 'Company Company 21' }).click()
    await page.getByRole('heading', { level: 1, name: 'Company 21' }).waitFor()
  })

  it('is used with the keyboard alone, and shows agents no button to delete', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const own = await openWindow(browser, test, '/companies')
    const [name, value] = (await cookieOf(test, agent.userId)).split('=') as [string, string]
    await own.page.context().addCookies([{ name, value, url: test.app.url }])
    const { page } = own
    await page.goto(`${test.app.url}/companies`)
    await page.locator('.contacts-row').first().waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'companies')
    const isOnRow = () => page.evaluate('document.activeElement.matches(".contacts-row")')
    for (let stops = 0; !(await isOnRow()); stops++) {
      assert.ok(stops < 10, 'the first company is too far away')
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'Details' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Delete company' }).count(), 0)
    await own.close()
  })
})
