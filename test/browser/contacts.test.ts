import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { assertLooksRight, brokenRules } from './looks.ts'

const longName = 'Alexandra Papadopoulou-Richardson von und zu Ammersbek '.repeat(4).trim()

describe('The page of contacts', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    const post = async (path: string, body: object) => {
      const response = await test.api(path, { method: 'POST', body })
      assert.ok(response.status < 300, JSON.stringify(response.body))
      return response.body
    }
    await post('/labels', { title: 'vip' })
    const define = (key: string, name: string, type: string, more = {}) =>
      post('/custom_attribute_definitions', {
        ...{ attribute_model: 'contact_attribute', attribute_key: key, attribute_display_name: name },
        ...{ attribute_display_type: type, ...more },
      })
    await define('plan', 'Plan', 'list', { attribute_values: ['free', 'gold'] })
    await define('seats', 'Seats', 'number')
    await define('since', 'Customer since', 'date')
    await define('site', 'Website', 'link')
    await define('news', 'Newsletter', 'checkbox')
    await define('order', 'Order', 'text', { regex_pattern: '^\\d{4}$', regex_cue: 'four digits' })
    for (let i = 0; i < 32; i++)
      await post('/contacts', { name: `Person ${String(i).padStart(2, '0')}`, email: `p${i}@example.com` })
    await post('/contacts', {
      name: longName,
      custom_attributes: { site: 'https://example.com/', other: 'x' },
    })
    window = await openWindow(browser, test, '/contacts')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const rows = () => window.page.locator('.contacts-row')
  const open = async (name: string) => {
    await window.page.getByRole('searchbox', { name: 'Search contacts' }).fill(name)
    await window.page
      .getByRole('link', { name: new RegExp(name) })
      .first()
      .click()
    await window.page.getByRole('heading', { level: 1, name }).waitFor()
  }
  const find = async (q: string) =>
    (await test.api(`/contacts/search?q=${encodeURIComponent(q)}`)).body.payload[0]

  it('lists all of them page by page, and finds and filters them', async () => {
    const { page } = window
    await page.getByText('34 contacts').waitFor()
    assert.equal(await rows().count(), 15)
    await page.getByRole('button', { name: 'Show more' }).click()
    await eventually(async () => (await rows().count()) === 30)
    await page.getByRole('button', { name: 'Show more' }).click()
    await eventually(async () => (await rows().count()) === 34)
    assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0)
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name')
    await rows().first().filter({ hasText: 'Alexandra' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('p17@')
    await eventually(async () => (await rows().count()) === 1)
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('')
    await eventually(async () => (await rows().count()) === 15)
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('combobox', { name: 'Field' }).selectOption('Website')
    await page.getByRole('textbox', { name: 'Value' }).fill('example')
    await page.getByRole('button', { name: 'Apply' }).click()
    await eventually(async () => (await rows().count()) === 1)
    assert.match(page.url(), /filter=/)
    await page.getByRole('button', { name: 'Filter (1)' }).click()
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await eventually(async () => (await rows().count()) === 15)
  })

  it('are filtered by their company, which is found by its name, and by attributes of each type', async () => {
    const { page } = window
    const company = await test.api('/companies', { method: 'POST', body: { name: 'Acme Rockets' } })
    const { id } = await find('Person 09')
    const body = {
      company_id: company.body.id,
      custom_attributes: { seats: 12, news: true, since: '2026-01-31' },
    }
    await test.api(`/contacts/${id}`, { method: 'PATCH', body })
    const panel = page.getByRole('form', { name: 'Conditions' })
    const field = page.getByRole('combobox', { name: 'Field' })
    await page.getByRole('button', { name: 'Filter' }).click()
    await field.selectOption('Company')
    const value = panel.getByRole('combobox', { name: 'Value' })
    await value.fill('rock')
    await panel.getByRole('option', { name: 'Acme Rockets' }).waitFor()
    assert.deepEqual(await brokenRules(page), [])
    const search = Promise.withResolvers<void>()
    await page.route('**/companies/search?*', async (route) => {
      await search.promise
      await route.abort()
    })
    await value.fill('rockets')
    await value.press('Enter')
    assert.equal(await value.inputValue(), 'rockets')
    search.resolve()
    await panel.getByText(/^That did not work/).waitFor()
    await page.unrouteAll()
    await value.fill('rock')
    await panel.getByRole('option', { name: 'Acme Rockets' }).waitFor()
    await value.press('Enter')
    await panel.getByText('Acme Rockets').waitFor()
    const focused = () => page.evaluate(`document.activeElement.getAttribute('aria-label')`)
    await eventually(async () => (await focused()) === 'Remove Acme Rockets')
    await page.getByRole('button', { name: 'Apply' }).click()
    await eventually(async () => (await rows().count()) === 1)
    await page.reload()
    await page.getByRole('button', { name: 'Filter (1)' }).click()
    await panel.getByText('Acme Rockets').waitFor()
    const isFound = async (name: string, comparison: string, enter: () => Promise<unknown>) => {
      await page.getByRole('button', { name: 'Clear filter' }).click()
      await eventually(async () => (await rows().count()) === 15)
      await page.getByRole('button', { name: 'Filter' }).click()
      await field.selectOption(name)
      await page.getByRole('combobox', { name: 'Comparison' }).selectOption(comparison)
      await enter()
      await page.getByRole('button', { name: 'Apply' }).click()
      await rows().first().filter({ hasText: 'Person 09' }).waitFor()
      assert.equal(await rows().count(), 1)
      await page.getByRole('button', { name: 'Filter (1)' }).click()
    }
    const typed = (text: string) => () => panel.getByLabel('Value', { exact: true }).fill(text)
    await isFound('Seats', 'is greater than', typed('9'))
    await isFound('Customer since', 'is', typed('2026-01-31'))
    await isFound('Newsletter', 'is', () => panel.getByLabel('Value', { exact: true }).selectOption('Yes'))
    await isFound('Newsletter', 'is set', async () => {})
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await eventually(async () => (await rows().count()) === 15)
    await page.getByRole('button', { name: 'Filter' }).click()
    await field.selectOption('Name')
    await typed('person')()
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name')
    await rows().first().filter({ hasText: 'Person 00' }).waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await eventually(async () => (await rows().count()) === 30)
    assert.match((await rows().nth(29).textContent())!, /Person 29/)
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Newest')
    await rows().first().filter({ hasText: 'Person 31' }).waitFor()
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Last activity')
    await eventually(async () => (await rows().count()) === 15)
    await page.getByRole('button', { name: 'Filter (1)' }).click()
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await eventually(async () => (await rows().count()) === 15)
  })

  it('say which part of a condition is wrong, and keep unfinished ones while the order changes', async () => {
    const { page } = window
    const show = (filter_operator: string, value: string) => {
      const filter = [{ attribute_key: 'seats', filter_operator, values: [value] }]
      return page.goto(`${test.app.url}/contacts?filter=${encodeURIComponent(JSON.stringify(filter))}`)
    }
    await show('starts_with', '1')
    await page.getByRole('alert').getByText('Comparison must be one of').waitFor()
    await show('is_greater_than', 'many')
    await page.getByRole('alert').getByText('Value must be a number').waitFor()
    await page.getByRole('button', { name: 'Filter (1)' }).click()
    await page.getByRole('button', { name: 'Add condition' }).click()
    await page.getByRole('combobox', { name: 'Field' }).nth(1).selectOption('Website')
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Name')
    await page.waitForURL(/sort=name/)
    const fields = page.getByRole('combobox', { name: 'Field' })
    assert.equal(await fields.count(), 2)
    assert.equal(await fields.nth(1).inputValue(), 'site')
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Last activity')
    await eventually(async () => (await rows().count()) === 15)
  })

  it('changes a contact in place, with the field that the type of an attribute needs', async () => {
    const { page } = window
    await open('Person 03')
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('Grace Hopper')
    await name.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor()
    const email = page.getByRole('textbox', { name: 'Email address' })
    await email.fill('p4@example.com')
    await email.blur()
    await page.getByText(/Email address is already used by contact \d+/).waitFor()
    await email.press('Escape')
    assert.equal(await email.inputValue(), 'p3@example.com')
    await page.getByRole('combobox', { name: 'Plan' }).selectOption('gold')
    await page.getByRole('combobox', { name: 'Newsletter' }).selectOption('Yes')
    await page.getByRole('textbox', { name: 'Seats' }).fill('many')
    await page.getByRole('textbox', { name: 'Seats' }).press('Enter')
    await page.getByText('Seats must be a number').waitFor()
    await page.getByRole('textbox', { name: 'Seats' }).fill('12')
    await page.getByRole('textbox', { name: 'Seats' }).press('Enter')
    await page.getByLabel('Customer since').fill('2026-01-31')
    await page.getByLabel('Customer since').blur()
    await page.getByRole('textbox', { name: 'Order' }).fill('12a')
    await page.getByRole('textbox', { name: 'Order' }).blur()
    await page.getByText('Order must match its pattern: four digits').waitFor()
    await page.getByRole('textbox', { name: 'Order' }).press('Escape')
    await eventually(async () => {
      const { custom_attributes } = await find('Hopper')
      const wanted = { plan: 'gold', news: true, seats: 12, since: '2026-01-31' }
      return (
        JSON.stringify(Object.entries(custom_attributes).sort()) ===
        JSON.stringify(Object.entries(wanted).sort())
      )
    })
    await page.getByRole('combobox', { name: 'Labels' }).selectOption('vip')
    await eventually(async () => (await find('Hopper')).labels[0] === 'vip')
    await page.locator('.page').getByText('vip').first().waitFor()
  })

  it('writes notes, which colleagues see at once', async () => {
    const { page } = window
    await open('Hopper')
    const { id } = await find('Hopper')
    await page.getByRole('textbox', { name: 'New note' }).fill('Prefers mail')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.locator('.note', { hasText: 'Prefers mail' }).waitFor()
    await test.api(`/contacts/${id}/notes`, { method: 'POST', body: { content: 'From elsewhere' } })
    await page.locator('.note', { hasText: 'From elsewhere' }).waitFor()
    const note = page.locator('.note').last()
    await note.getByRole('button', { name: 'Edit note' }).click()
    await page.getByRole('textbox', { name: 'Edit note' }).fill('Prefers calls')
    await page.getByRole('button', { name: 'Save note' }).click()
    await page.locator('.note', { hasText: 'Prefers calls' }).waitFor()
    await note.getByRole('button', { name: 'Delete note' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete note' }).click()
    await eventually(async () => (await page.locator('.note').count()) === 1)
  })

  it('looks right, also in a small window and from right to left', async () => {
    const { page } = window
    await open('Alexandra')
    await page.locator('.edit-field').nth(5).waitFor()
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Filter' }).click()
    assert.deepEqual(await brokenRules(page), [])
    await page.evaluate('document.documentElement.dir = "rtl"')
    await assertLooksRight(page)
    await page.evaluate('document.documentElement.dir = "ltr"')
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByRole('link', { name: 'All contacts' }).click()
    await rows().first().waitFor()
    assert.ok(await page.getByRole('navigation', { name: 'Main' }).isVisible())
    await page.setViewportSize({ width: 1300, height: 800 })
    await page.getByRole('link', { name: 'New contact' }).click()
    await page.getByRole('form', { name: 'New contact' }).waitFor()
    await assertLooksRight(page)
  })

  it('shows the result of a merge before it merges, by the rules of the server', async () => {
    const { page } = window
    await open('Person 05')
    await page.getByRole('button', { name: 'Merge' }).click()
    await page.getByRole('searchbox', { name: 'The other contact' }).fill('Hopper')
    await page.getByRole('button', { name: 'Merge with Grace Hopper' }).click()
    const result = () => page.locator('.merge-table td:last-child').allInnerTexts()
    assert.deepEqual((await result()).slice(0, 3), ['Person 05', 'p5@example.com', 'vip'])
    assert.deepEqual(await brokenRules(page), [])
    await page.getByRole('button', { name: 'Keep the other one instead' }).click()
    const preview = await result()
    assert.equal(preview[0], 'Grace Hopper')
    await page.getByRole('button', { name: 'Merge contacts' }).click()
    await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor()
    const merged = await find('Hopper')
    assert.deepEqual(preview.slice(0, 3), [merged.name, merged.email, merged.labels.join()])
    assert.equal(await find('Person 05'), undefined)
  })

  it('blocks a contact, and erases one for good', async () => {
    const { page } = window
    await open('Person 06')
    await page.getByRole('button', { name: 'Block' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.getByRole('button', { name: 'Unblock' }).waitFor()
    assert.equal((await find('Person 06')).blocked, true)
    await page.getByRole('button', { name: 'Delete contact' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Person 06')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete contact' }).click()
    await page.getByText('Choose a contact to see it here.').waitFor()
    assert.equal(await find('Person 06'), undefined)
  })

  it('imports a CSV file, with a choice of columns, a check and a report', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/contacts`)
    await page.getByRole('link', { name: 'Import' }).click()
    const lines = Array.from(
      { length: 205 },
      (_, i) => `Imported ${i};i${i}@example.com;${i % 2 ? 'gold' : 'free'};x`,
    )
    const csv = [
      'Full name;E-Mail;Tariff;Other',
      ...lines,
      'Wrong;wrong;gold;x',
      'No plan;n@example.com;silver;x',
    ]
    const file = { name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(csv.join('\n')) }
    await page.locator('input[type=file]').setInputFiles(file)
    const column = (name: string) => page.getByRole('combobox', { name })
    assert.equal(await column('E-Mail').inputValue(), 'email')
    await column('Tariff').selectOption('Plan')
    await page.getByRole('button', { name: 'Check only' }).click()
    await page.getByText('New: 205. Known: 0. With faults: 2. Nothing has been stored.').waitFor()
    await page.getByText('Line 207: email must look like name@example.com').waitFor()
    assert.equal(await find('Imported 7'), undefined)
    await assertLooksRight(page)
    await page.getByRole('button', { name: 'Import 207 lines' }).click()
    await page.getByText('Imported: 205. Known: 0. Left out: 2.').waitFor()
    await page.getByText('Line 208: custom_attributes.plan must be one of free, gold').first().waitFor()
    assert.deepEqual((await find('i7@example.com')).custom_attributes, { plan: 'gold' })
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Save the refused lines' }).first().click()
    const report = await saved
    assert.equal(report.suggestedFilename(), 'refused-contacts.csv')
    assert.equal(
      await readFile(await report.path(), 'utf8'),
      [
        'name,email,custom_attributes.plan,error',
        'Wrong,wrong,gold,email must look like name@example.com',
        'No plan,n@example.com,silver,"custom_attributes.plan must be one of free, gold"',
        '',
      ].join('\r\n'),
    )
    await page.reload()
    await page.getByText('Imported: 205. Known: 0. Left out: 2.').waitFor()
  })

  it('no longer asks for the progress of imports after their page was left', async () => {
    const { page } = window
    let questions = 0
    let respond = () => {}
    const isLeft = new Promise<void>((resolve) => {
      respond = resolve
    })
    await page.route(/\/contact_imports(\/\d+)?$/, async (route) => {
      questions += 1
      const response = await route.fetch()
      const body = await response.json()
      await isLeft
      const running = { ...(body.payload?.[0] ?? body), status: 'running' }
      await route.fulfill({ response, json: body.payload ? { payload: [running] } : running })
    })
    await page.goto(`${test.app.url}/contacts/import`)
    await eventually(() => questions === 1)
    await page.getByRole('link', { name: 'Contacts' }).first().click()
    await rows().first().waitFor()
    const answered = page.waitForResponse('**/contact_imports')
    respond()
    await answered
    await page.waitForTimeout(1500)
    assert.equal(questions, 1)
    await page.goto(`${test.app.url}/contacts/import`)
    await eventually(() => questions > 2)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  it('is used with the keyboard alone', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/contacts`)
    await rows().first().waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'contacts')
    const isOnRow = () => page.evaluate('document.activeElement.matches(".contacts-row")')
    for (let stops = 0; !(await isOnRow()); stops++) {
      assert.ok(stops < 10, 'the first contact is too far away')
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'Details' }).waitFor()
  })

  it('has the fields of definitions in the details of a conversation, too', async () => {
    const { page } = window
    const body = {
      ...{ attribute_model: 'conversation_attribute', attribute_key: 'parcel' },
      ...{ attribute_display_name: 'Parcel', attribute_display_type: 'number' },
    }
    await test.api('/custom_attribute_definitions', { method: 'POST', body })
    const id = await addTestConversation(test)
    await page.goto(`${test.app.url}/conversations/${id}`)
    const parcel = page.getByRole('textbox', { name: 'Parcel' })
    await parcel.fill('7')
    await parcel.press('Enter')
    await eventually(async () => {
      const { custom_attributes } = (await test.api(`/conversations/${id}`)).body
      return custom_attributes.parcel === 7
    })
    await page.getByRole('combobox', { name: 'Plan' }).selectOption('free')
    await page.getByRole('link', { name: 'Open contact' }).click()
    await page.locator('.notes').waitFor({ state: 'attached' })
    assert.equal(await page.getByRole('combobox', { name: 'Plan' }).inputValue(), 'free')
  })

  it('has settings for the definitions', async () => {
    const { page } = window
    await page.goto(`${test.app.url}/settings/custom-attributes`)
    await page.getByRole('link', { name: 'Create attribute' }).click()
    const form = page.getByRole('form', { name: 'Settings' })
    await form.getByRole('textbox', { name: 'Name' }).fill('Shoe size')
    await form.getByRole('combobox', { name: 'Type' }).selectOption('List')
    await form.getByRole('button', { name: 'Create attribute' }).click()
    await form.locator('.field-error', { hasText: 'Values is required for a list' }).waitFor()
    await form.getByRole('textbox', { name: 'Values' }).fill('38\n39\n')
    await form.getByRole('button', { name: 'Create attribute' }).click()
    await page.getByRole('link', { name: 'Shoe size' }).click()
    await page.getByText('shoe_size').waitFor()
    await assertLooksRight(page)
    const { payload } = (await test.api('/custom_attribute_definitions')).body
    const created = payload.find((one: { attribute_key: string }) => one.attribute_key === 'shoe_size')
    assert.deepEqual(created.attribute_values, ['38', '39'])
    await page.getByRole('button', { name: 'Delete this attribute' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete attribute' }).click()
    await page.getByRole('link', { name: 'Create attribute' }).waitFor()
    await assertLooksRight(page)
  })
})
