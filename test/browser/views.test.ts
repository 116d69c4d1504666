import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addTestConversation, addUser, cookieOf } from '../factories.ts'
import { environment, noBrowser, openWindow, signIn, startBrowser, type Window } from './chromium.ts'
import { layoutFaults, windowSizes } from './layout.ts'
import { assertLooksRight, brokenRules } from './looks.ts'

describe('the views of the dashboard', { skip: noBrowser }, () => {
  let test: TestApp
  let browser: Browser
  let window: Window
  before(async () => {
    browser = await startBrowser()
    test = await startTestApp(environment)
    await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
    window = await openWindow(browser, test, '/settings/views')
    await signIn(window.page)
  })
  after(async () => {
    await window?.close()
    await browser?.close()
    await test?.close()
  })
  const one = async (id: number) => (await test.api(`/views/${id}`)).body
  const button = (name: string) => window.page.getByRole('button', { name, exact: true })
  const link = (name: string) => window.page.getByRole('link', { name, exact: true })
  const field = (name: string, at = 0) => window.page.getByLabel(name, { exact: true }).nth(at)
  const goTo = (path: string) => window.page.goto(test.app.url + path)
  const prioritize = (id: number, priority: string | null) =>
    test.api(`/conversations/${id}/toggle_priority`, { method: 'POST', body: { priority } })

  it('are created with groups of conditions, of which one must be met', async () => {
    const { page } = window
    await page.getByText('No views yet').waitFor()
    await link('Create view').click()
    await field('Name').fill('Urgent or mine')
    await button('Add condition').click()
    await field('Field', 1).selectOption('Priority')
    await field('Value of Priority').selectOption('Urgent')
    await field('Value of Priority').selectOption('High')
    await button('Add group').click()
    await field('Field', 2).selectOption('Assignee')
    await field('Value of Assignee').selectOption('Me (whoever opens the view)')
    await button('Add condition').nth(1).click()
    await field('Field', 3).selectOption('Created')
    await field('Comparison', 3).selectOption('more than this many days ago')
    await field('Days').fill('0')
    await button('Create view').click()
    await link('Urgent or mine').waitFor()
    const { filter, visibility } = await one(1)
    const selector = (
      attribute_key: string,
      filter_operator: string,
      values: string[],
      query: string | null,
    ) => ({
      ...{ attribute_key, filter_operator, values, query_operator: query },
    })
    assert.deepEqual(filter, [
      selector('status', 'equal_to', ['open'], 'AND'),
      selector('priority', 'equal_to', ['urgent', 'high'], 'OR'),
      selector('assignee_id', 'equal_to', ['me'], 'AND'),
      selector('created_at', 'days_before', ['0'], null),
    ])
    assert.equal(visibility, 'account')
    await page.getByText('0 conversations').waitFor()
  })

  it('are changed, with what is wrong at its condition', async () => {
    const { page } = window
    await link('Urgent or mine').click()
    await button('Remove condition').nth(3).click()
    await button('Add condition').nth(1).click()
    await field('Field', 3).selectOption('Conversation number')
    await field('Value of Conversation number, One per line').fill('one')
    await button('Save').click()
    await page.locator('.condition').nth(3).getByText('Value must be a whole number').waitFor()
    await eventually(
      async () =>
        (await page.evaluate('document.activeElement.ariaLabel')) ===
        'Value of Conversation number, One per line',
    )
    await field('Field', 3).selectOption('Another attribute')
    await field('Value, One per line').fill('gold\nsilver')
    await button('Save').click()
    await page.locator('.condition').nth(3).getByText('Name of the attribute').waitFor()
    await field('Name of the attribute').fill('plan')
    await field('Comparison', 3).selectOption('is greater than')
    assert.equal(await field('Value of plan').inputValue(), 'gold')
    await field('Comparison', 3).selectOption('is')
    assert.equal(await field('Value of plan, One per line').inputValue(), 'gold')
    await field('Value of plan, One per line').fill('gold\nsilver')
    await button('Remove High').click()
    await button('Save').click()
    await page.getByText('Saved').waitFor()
    const { filter } = await one(1)
    assert.deepEqual(filter[1].values, ['urgent'])
    assert.deepEqual([filter[3].attribute_key, filter[3].values], ['plan', ['gold', 'silver']])
    await page.reload()
    await field('Name of the attribute').waitFor()
    assert.equal(await field('Value of plan, One per line').inputValue(), 'gold\nsilver')
  })

  it('compare the attributes of conversations and contacts by their types, and the company', async () => {
    const { page } = window
    const define = (attribute_model: string, key: string, name: string, type: string, more = {}) =>
      test.api('/custom_attribute_definitions', {
        method: 'POST',
        body: {
          ...{ attribute_model, attribute_key: key, attribute_display_name: name },
          ...{ attribute_display_type: type, ...more },
        },
      })
    const values = { attribute_values: ['free', 'gold'] }
    await define('contact_attribute', 'plan', 'Plan', 'list', values)
    await define('contact_attribute', 'news', 'Newsletter', 'checkbox')
    await define('conversation_attribute', 'amount', 'Amount', 'currency')
    await define('conversation_attribute', 'due', 'Due', 'date')
    for (const name of ['Acme', 'Acme Rockets', 'Other'])
      await test.api('/companies', { method: 'POST', body: { name } })
    await goTo('/settings/views/new')
    await field('Name').fill('Typed')
    await field('Field').selectOption('Plan')
    await field('Value of Plan').selectOption('gold')
    for (let at = 0; at < 4; at++) await button('Add condition').click()
    await field('Field', 1).selectOption('Newsletter')
    await field('Value of Newsletter').selectOption('Yes')
    await field('Field', 2).selectOption('Amount')
    await field('Comparison', 2).selectOption('is greater than')
    await field('Value of Amount').fill('a lot')
    await field('Field', 3).selectOption('Due')
    await field('Comparison', 3).selectOption('before')
    await field('Value of Due').fill('2026-12-24')
    await field('Field', 4).selectOption('Company')
    const company = page.getByRole('combobox', { name: 'Value of Company' })
    await company.fill('acm')
    await page.getByRole('option', { name: 'Acme Rockets' }).waitFor()
    assert.equal(await page.locator('.company-picker [aria-selected=true]').textContent(), 'Acme')
    assert.deepEqual(await brokenRules(page), [])
    await company.press('ArrowDown')
    await company.press('Enter')
    await button('Remove Acme Rockets').waitFor()
    await company.fill('oth')
    await page.getByRole('option', { name: 'Other', exact: true }).click()
    await button('Create view').click()
    await page.locator('.condition').nth(2).getByText('Value must be a number').waitFor()
    await field('Value of Amount').fill('99.5')
    await button('Create view').click()
    await link('Typed').click()
    const typed = (await test.api('/views')).body.payload.find(
      ({ name }: { name: string }) => name === 'Typed',
    )
    const filter = typed.filter.map(
      (one: { attribute_key: string; filter_operator: string; values: string[] }) =>
        [one.attribute_key, one.filter_operator, ...one.values].join(' '),
    )
    assert.deepEqual(filter, [
      'contact.plan equal_to gold',
      'contact.news equal_to true',
      'amount is_greater_than 99.5',
      'due is_less_than 2026-12-24',
      'company_id equal_to 2 3',
    ])
    await page.reload()
    await button('Remove Acme Rockets').click()
    await button('Remove Acme Rockets').waitFor({ state: 'detached' })
    await button('Remove Other').waitFor()
    assert.equal(await field('Value of Newsletter').inputValue(), 'true')
    await assertLooksRight(page)
    await test.api(`/views/${typed.id}`, { method: 'DELETE' })
  })

  it('are chosen in the list, in the place of the status and the tabs', async () => {
    const { page } = window
    const ids = [await addTestConversation(test), await addTestConversation(test)]
    await prioritize(ids[0]!, 'urgent')
    await goTo('/')
    await page.locator('.tabs').waitFor()
    await field('Status').selectOption('Urgent or mine')
    await page.getByRole('heading', { name: 'Urgent or mine' }).waitFor()
    await page.locator(`[data-row="${ids[0]}"]`).waitFor()
    assert.equal(await page.locator('.row').count(), 1)
    assert.equal(await page.locator('.tabs').count(), 0)
    assert.equal(new URL(page.url()).search, '?view=1')
    await page.locator('.view-head .count', { hasText: '1' }).waitFor()
    await page.locator(`[data-row="${ids[0]}"]`).click()
    await page.locator('#composer').waitFor()
    assert.equal(new URL(page.url()).search, '?view=1')
    await page.reload()
    await page.locator(`[data-row="${ids[0]}"]`).waitFor()
  })

  it('follow what happens, also to their conditions', async () => {
    const { page } = window
    const id = await addTestConversation(test)
    await prioritize(id, 'urgent')
    await page.locator(`[data-row="${id}"]`).waitFor()
    await page.locator('.view-head .count', { hasText: '2' }).waitFor()
    await prioritize(id, null)
    await page.locator(`[data-row="${id}"]`).waitFor({ state: 'detached' })
    const body = { name: 'Everything', filter: [{ attribute_key: 'status', filter_operator: 'is_present' }] }
    await test.api('/views/1', { method: 'PATCH', body })
    await page.getByRole('heading', { name: 'Everything' }).waitFor()
    await page.locator(`[data-row="${id}"]`).waitFor()
  })

  it('are left by searching and by closing them, and opened by a command', async () => {
    const { page } = window
    await link('Close view').click()
    await page.locator('.tabs').waitFor()
    assert.equal(new URL(page.url()).search, '')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('view: every')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Everything' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing')
    await page.locator('.tabs').waitFor()
    assert.equal(new URL(page.url()).search, '?q=nothing')
    await page.goBack()
    await field('Status').selectOption('Manage views…')
    await link('Everything').waitFor()
  })

  it('load page after page, and say that one does not exist', async () => {
    const { page } = window
    for (let count = 0; count < 40; count++) await addTestConversation(test)
    await goTo('/?view=1')
    await page.locator('.row').first().waitFor()
    const total = (await test.api('/views/1/count')).body.count
    const list = page.locator('#conversations')
    await eventually(async () => {
      await list.evaluate((box) => ((box as unknown as { scrollTop: number }).scrollTop = 1e6))
      return (await page.locator(`.row-item[aria-posinset="${total}"]`).count()) === 1
    })
    await goTo('/?view=99')
    await page.getByText('This view does not exist').waitFor()
  })

  it('are shown to an agent who may not change them, and those of others not at all', async () => {
    const body = { name: 'Only mine', filter: (await one(1)).filter, visibility: 'mine' }
    await test.api('/views', { method: 'POST', body })
    const { userId } = await addUser(test, { inboxes: [1] })
    const [name, value] = (await cookieOf(test, userId)).split('=') as [string, string]
    const other = await openWindow(browser, test)
    await other.page.context().addCookies([{ name, value, url: test.app.url }])
    await other.page.goto(`${test.app.url}/settings/views`)
    await other.page.getByRole('link', { name: 'Everything' }).click()
    await other.page.getByText('Only Administrator and administrators can change it.').waitFor()
    assert.equal(await other.page.getByText('Only mine').count(), 0)
    await other.close()
  })

  for (const path of ['/settings/views', '/settings/views/new', '/settings/views/4', '/?view=1']) {
    it(`are right for eyes, screen readers and windows of every size: ${path}`, async () => {
      const { page } = window
      const filter = [
        { attribute_key: 'labels', filter_operator: 'equal_to', values: ['vip'], query_operator: 'AND' },
        {
          attribute_key: 'status',
          filter_operator: 'not_equal_to',
          values: ['snoozed', 'pending'],
          query_operator: 'OR',
        },
        { attribute_key: 'created_at', filter_operator: 'is_less_than', values: [1_700_000_000] },
      ]
      const name = 'A view with a long name that says in many words what it is about, and then some more'
      if (!(await one(4)).id) await test.api('/views', { method: 'POST', body: { name, filter } })
      await goTo(path)
      await page
        .getByText(path === '/settings/views/new' ? 'Group 1' : /Everything|Only you|long name/)
        .first()
        .waitFor({ state: 'attached' })
      await assertLooksRight(page)
      for (const size of windowSizes) {
        await page.setViewportSize(size)
        assert.deepEqual(await layoutFaults(page), [], `${path} at ${size.width}`)
      }
      await page.setViewportSize({ width: 1300, height: 800 })
    })
  }

  it('are deleted after a question', async () => {
    const { page } = window
    await goTo('/settings/views/1')
    await button('Delete this view').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete view' }).click()
    await link('Create view').waitFor()
    assert.equal((await test.api('/views/1')).status, 404)
  })
})
