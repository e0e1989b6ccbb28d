import { describe, expect, it } from 'vitest'
import { axe, CHROMIUM, type Tab } from './browser.ts'
import { expectClean, servePages } from './served.ts'

describe.skipIf(CHROMIUM === undefined)('who opens what, in a browser', () => {
  const served = servePages()

  const open = async (address: string, options = {}): Promise<Tab> => {
    const tab = await served.open(address, options)
    await settled(tab)
    return tab
  }
  /** Nothing of the page is being asked any more. */
  const settled = async ({ page }: Tab): Promise<void> => {
    await page.locator('main h1').waitFor()
    await page.locator('.loading, [aria-busy=true]').first().waitFor({ state: 'detached' })
  }

  it.each([
    [
      'light',
      1280,
      '/sources?t=commune:35238',
      '#registry table',
      "Communes[^]*Code de l’éducation|Code de l'éducation, article L212-4",
    ],
    ['dark', 390, '/sources?tab=datasets', '#datasets article', 'Licence Ouverte 2\\.0'],
    ['dark', 1280, '/sources?tab=coverage&t=departement:35&year=2021', '#missing table', 'Ecole Delta'],
    ['light', 390, '/sources?tab=reconciliation&lang=en', '#reconciliation table', 'Published by'],
    ['dark', 390, '/sources?tab=status', '#service table', 'répond'],
  ] as const)('has its part and is fit for all, %s, %d wide: %s', async (colorScheme, width, address, part, said) => {
    const tab = await open(address, { colorScheme, viewport: { width, height: 844 } })
    expect(await tab.page.locator(part).first().innerText()).toMatch(/\S/)
    expect(await tab.page.locator('main').innerText()).toMatch(new RegExp(said))
    expect(await tab.page.locator('nav.tabs a[aria-current=page]').count()).toBe(1)
    expect(await axe(tab.page)).toEqual([])
    expect(await tab.page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expectClean(tab)
    await tab.close()
  })

  it('names who is competent in a place, and says what no source tells', async () => {
    const tab = await open('/sources')
    await tab.page.locator('#competences').getByRole('combobox').fill('renn')
    await tab.page.getByRole('option', { name: /Rennes \(35/ }).click()
    await tab.page.getByRole('heading', { name: 'Qui est compétent : Rennes' }).waitFor()
    await settled(tab)
    expect(new URL(tab.page.url()).searchParams.get('t')).toBe('commune:35238')
    const rows = await tab.page.locator('#competences tbody tr').allInnerTexts()
    expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^Écoles Rennes .*inconnu.*L212-4$/),
      expect.stringMatching(/^Collèges Ille-et-Vilaine .*connu.*L213-2$/),
      expect.stringMatching(/^Lycées Bretagne .*connu.*L214-6$/),
    ])
    expectClean(tab)
    await tab.close()
  })

  it('leads from the least covered member to the schools that are missing there, and to the map', async () => {
    const tab = await open('/sources?tab=coverage&t=departement:35&year=2021')
    const { page } = tab
    const bars = page.locator('#coverage-members tbody tr')
    expect(await bars.count()).toBeGreaterThan(0)
    await bars.getByRole('link', { name: 'Bourg-des-Comptes', exact: true }).click()
    await page.getByRole('heading', { name: 'Qui manque, par son nom : Bourg-des-Comptes' }).waitFor()
    await settled(tab)
    expect(await page.locator('#missing tbody').innerText()).toContain('Ecole Delta')
    expect(await page.locator('#coverage-whole a[href^="/map"]').getAttribute('href')).toBe(
      '/map?t=commune:35033&measure=pupils-primary&year=2021&show=coverage',
    )
    expectClean(tab)
    await tab.close()
  })

  it('keeps the rows of one verdict, and all again', async () => {
    const tab = await open('/sources?tab=reconciliation')
    const { page } = tab
    const chosen = page.locator('.verdicts a').filter({ has: page.locator('[data-verdict=NOT_COMPARABLE]') })
    const count = Number(await chosen.locator('strong').innerText())
    await chosen.click()
    await settled(tab)
    const verdicts = await page
      .locator('#reconciliation tbody [data-verdict]')
      .evaluateAll((badges) => badges.map((badge) => badge.getAttribute('data-verdict')))
    expect(new Set(verdicts)).toEqual(new Set(['NOT_COMPARABLE']))
    expect(verdicts).toHaveLength(Math.min(25, count))
    await chosen.click()
    expect(new URL(page.url()).searchParams.get('verdict')).toBeNull()
    expectClean(tab)
    await tab.close()
  })

  it('tells of a refused file, of an owner that is down, and of a service that does not answer', async () => {
    const tab = await open('/sources')
    const { page } = tab
    const refused = {
      code: 'CONTRACT_BROKEN',
      message: 'The column <b>uai</b> is gone',
      since: '2026-01-01T00:00:00.000Z',
    }
    await page.route(/\/v1\/status$/, async (route) => {
      const response = await route.fetch()
      const body = await response.json()
      body.data.datasets[0].quarantine = [refused]
      await route.fulfill({ response, json: body })
    })
    await page.getByRole('link', { name: 'Jeux de données' }).click()
    await page.getByText('Le dernier fichier a été refusé le 1er janvier 2026').waitFor()
    expect(await page.locator('#datasets .trouble').innerText()).toContain(
      'CONTRACT_BROKEN The column <b>uai</b> is gone',
    )

    await page.route(/\/status$/, async (route) => {
      const response = await route.fetch()
      const body = await response.json()
      const lastError = { at: '2026-01-01T00:00:00.000Z', reason: 'timeout', message: 'no answer in time' }
      Object.assign(body.owners[0], { state: 'down', lastError, failures: 3 })
      await route.fulfill({ response, json: { ...body, status: 'degraded' } })
    })
    await page.getByRole('link', { name: 'État du service' }).click()
    await page.getByText('ne répond pas', { exact: true }).waitFor()
    expect((await page.locator('#service tbody tr').first().innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /^Communes ne répond pas .*timeout.* 3 de suite$/,
    )

    await page.unrouteAll()
    await page.route(/\/status$/, (route) => route.abort())
    await page.getByRole('button', { name: 'Actualiser' }).click()
    await page.getByText('Le service ne répond pas.').waitFor()
    await page.unrouteAll()
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await page.getByText('Propriétaires des données').waitFor()
    await tab.close()
  })
})
