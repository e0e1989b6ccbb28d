import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { axe, CHROMIUM, type Tab } from './browser.ts'
import { expectClean, servePages } from './served.ts'

const run = promisify(execFile)

describe.skipIf(CHROMIUM === undefined)('the explorer in a browser', () => {
  const served = servePages()

  const open = async (address: string, options = {}): Promise<Tab> => {
    const tab = await served.open(address, options)
    await settled(tab.page)
    return tab
  }
  /** Nothing of the page is being asked any more. */
  const settled = async (page: Page): Promise<void> => {
    const isSettled = "document.querySelector('h1') !== null && !document.querySelector('.loading, [aria-busy=true]')"
    await expect.poll(() => page.evaluate(isSettled), { timeout: 20_000 }).toBe(true)
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const go = async (page: Page, link: string, name: string): Promise<void> => {
    await page.locator('main').getByRole('link', { name: link, exact: true }).first().click()
    await heading(page, name)
    await settled(page)
  }

  it('leads from a few letters to a missing school, and its command to the same school', async () => {
    const tab = await open('/', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = tab
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(new URL(response.url()).pathname)
    })
    await page.getByRole('combobox', { name: 'Chercher un territoire' }).fill('renn')
    await page.getByRole('option', { name: /Rennes \(35/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await heading(page, 'Rennes')
    await settled(page)
    await go(page, 'Rennes Métropole', 'Rennes Métropole')
    await go(page, 'Ille-et-Vilaine', 'Ille-et-Vilaine')
    await go(page, "CC Côte d'Emeraude", "CC Côte d'Emeraude")
    expect(await page.locator('#where').innerText()).toMatch(
      /Ille-et-Vilaine · sa partie[^]*Côtes-d'Armor · sa partie|Côtes-d'Armor · sa partie[^]*Ille-et-Vilaine · sa partie/,
    )
    await go(page, 'Ille-et-Vilaine', 'Ille-et-Vilaine')
    await page.getByRole('link', { name: 'Carte de ses membres' }).click()
    await page.waitForURL(/\/map\?t=departement:35/)
    await settled(page)
    await page.getByText(/Montrer les \d+ lignes/).click()
    await page.locator('main table').getByRole('link', { name: 'Bourg-des-Comptes', exact: true }).click()
    await page.waitForURL(/s=commune:35033/)
    await page.locator('main a[href="/?t=commune:35033"]').first().click()
    await heading(page, 'Bourg-des-Comptes')
    await settled(page)
    expect(await page.locator('#missing').innerText()).toContain('Ecole Delta')
    await page.locator('#missing').getByRole('button', { name: /curl/ }).click()
    await page.locator('#missing').getByText('Copié').waitFor()
    const command = await page.evaluate<string>('navigator.clipboard.readText()')
    const [, address = ''] = /^curl '([^']+)'$/.exec(command) ?? []
    const { stdout } = await run('curl', ['-s', address])
    expect(stdout).toContain('"Ecole Delta"')
    // No boundaries are loaded here, and nothing else is refused.
    expect(refused).toEqual(['/v1/boundaries/'])
    expect([tab.outside, tab.blocked]).toEqual([[], []])
    await tab.close()
  })

  it('opens where a number comes from, which has an address, and closes it with Escape and with the step back', async () => {
    const tab = await open('/?t=departement:35&year=2021')
    const { page } = tab
    await page.locator('#enrolment a.figure').first().click()
    const sheet = page.getByRole('dialog')
    await sheet.getByText('Empreinte du fichier').waitFor()
    const told = await sheet.innerText()
    for (const word of [
      'Communes',
      'Licence Ouverte 2.0',
      'fr-en-ecoles-effectifs-nb_classes',
      'Couverture',
      'Ce qui manque',
      'Ecole Delta',
    ])
      expect(told).toContain(word)
    expect(page.url()).toContain('figure=pupils-primary@2021@departement:35')
    expect(await axe(page)).toEqual([])
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    await expect.poll(() => page.url()).not.toContain('figure=')
    await page.goForward()
    await sheet.getByText('Empreinte du fichier').waitFor()
    await page.goBack()
    await sheet.waitFor({ state: 'hidden' })
    expectClean(tab)
    await tab.close()
  })

  it('shows the same under the same address, in another tab and in the other language', async () => {
    const first = await open('/?t=commune:35238&by=LEVEL&year=2021')
    await first.page.locator('#enrolment option[value="2021"]').waitFor({ state: 'attached' })
    const shown = await first.page.locator('main').innerText()
    const second = await open(new URL(first.page.url()).href.slice(served.url.length))
    await expect.poll(() => second.page.locator('main').innerText()).toBe(shown)
    await second.page.getByRole('link', { name: 'English' }).click()
    await second.page.waitForURL(/lang=en/)
    await settled(second.page)
    await heading(second.page, 'Rennes')
    expect(await second.page.getAttribute('html', 'lang')).toBe('en')
    expect(await second.page.locator('main').innerText()).toContain('Who these pupils are')
    expect(await second.page.getByLabel('Break down by').inputValue()).toBe('LEVEL')
    expectClean(first)
    expectClean(second)
    await first.close()
    await second.close()
  })

  it('steps back and forth through what was looked at', async () => {
    const tab = await open('/?t=commune:35238')
    const { page } = tab
    await go(page, 'Bretagne', 'Bretagne')
    await page.goBack()
    await heading(page, 'Rennes')
    await page.goForward()
    await heading(page, 'Bretagne')
    expectClean(tab)
    await tab.close()
  })

  it.each([
    ['light', 1280, '/?t=commune:35238'],
    ['dark', 390, '/?t=departement:35&lang=en'],
    ['light', 390, '/?t=commune:22016'],
    ['dark', 1280, '/?t=region:53'],
  ] as const)('is fit for all, %s, %d wide: %s', async (colorScheme, width, address) => {
    const tab = await open(address, { colorScheme, viewport: { width, height: 844 } })
    expect(await axe(tab.page)).toEqual([])
    expect(await tab.page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expectClean(tab)
    await tab.close()
  })

  it('says of a territory that there is none, and what is missing where an owner is down', async () => {
    const tab = await open('/?t=commune:99999')
    expect(await tab.page.locator('main').innerText()).toMatch(/Territoire inconnu[^]*UNKNOWN_TERRITORY/)
    await tab.close()

    const down = await open('/')
    await down.page.route(/\/v1\/territory\?/, async (route) => {
      const response = await route.fetch()
      const body = await response.json()
      body.data.territory.schoolEnrolment.primary = null
      body.data.territory.name = '<img src=x onerror=alert(1)>'
      body.errors = [
        {
          message: 'The owner did not answer.',
          path: ['territory', 'schoolEnrolment', 'primary'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'commune' },
        },
      ]
      await route.fulfill({ response, json: body })
    })
    await down.page.goto(`${served.url}/?t=commune:35238`)
    await settled(down.page)
    const shown = await down.page.locator('main').innerText()
    expect(shown).toContain('Le propriétaire de ce nombre (Communes) ne répond pas en ce moment.')
    expect(shown).toContain('Une partie de la réponse manque')
    // A label of the data is text, whatever it holds.
    expect(shown).toContain('<img src=x onerror=alert(1)>')
    expect(await down.page.locator('main img').count()).toBe(0)
    expectClean(down)
    await down.close()
  })
})
