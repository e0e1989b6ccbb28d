import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { axe, CHROMIUM, type Tab } from './browser.ts'
import { expectClean, servePages } from './served.ts'

describe.skipIf(CHROMIUM === undefined)('the comparison in a browser', () => {
  const served = servePages()

  const settled = async (page: Page): Promise<void> => {
    await page.locator('main:not(:has(.loading, [aria-busy=true])) h1').waitFor()
  }
  const open = async (address: string, options = {}): Promise<Tab> => {
    const tab = await served.open(address, options)
    await settled(tab.page)
    return tab
  }
  const taken = async (page: Page, format: string): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`[data-format=${format}]`).first().click(),
    ])
    return readFile(await download.path())
  }
  const chosen = (page: Page): Promise<readonly string[]> =>
    page.locator('ul.chosen .what > :first-child').allInnerTexts()

  const TWO = '/compare?t=commune:35238&t=departement:35&measure=pupils-primary'

  it('draws two territories, as values and as an index, and gives what is shown to take along', async () => {
    const tab = await open('/compare')
    const { page } = tab
    // Partial values of unlike coverage have no index: here all are complete.
    await page.route('**/v1/comparison?*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replaceAll('"PARTIAL"', '"NORMAL"') })
    })
    await page.goto(`${served.url}${TWO}`)
    await settled(page)
    const chart = page.locator('svg.chart')
    expect(await chart.getAttribute('aria-label')).toMatch(
      /Rennes\s: de 150 en 2021 à 180 en 2022\. Ille-et-Vilaine\s: de 255 /,
    )
    expect(await chart.locator('path.line').count()).toBe(2)
    await page.getByRole('radio', { name: 'indice' }).check()
    await page.waitForURL(/scale=index/)
    await page.getByRole('heading', { level: 2, name: /indice, base 100 en 2021/ }).waitFor()

    const csv = (await taken(page, 'CSV')).toString()
    expect(csv.startsWith('\uFEFF"territory_id",')).toBe(true)
    const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true })
    expect(rows.map(({ territory, period, index_base }) => [territory, period, index_base])).toEqual([
      ['Rennes', '2021', '2021'],
      ['Rennes', '2022', '2021'],
      ['Ille-et-Vilaine', '2021', '2021'],
      ['Ille-et-Vilaine', '2022', '2021'],
    ])
    expect(rows.map(({ index }) => index)).toEqual(
      [0, 1, 2, 3].map((at) => `${(Number(rows[at]!['value']) / Number(rows[at & 2]!['value'])) * 100}`),
    )
    const [{ dataset, data_version: version, attribution, licence, simulated } = {}] = rows
    expect([dataset, licence, simulated]).toEqual(['fr-en-ecoles-effectifs-nb_classes', 'Licence Ouverte 2.0', 'false'])

    const svg = (await taken(page, 'SVG')).toString()
    for (const part of [attribution, dataset, licence, version, 'Communes', 'base 100 en 2021', 'Rennes']) {
      expect(svg).toContain(part)
    }
    expect(svg).not.toMatch(/var\(|<!--|SIMUL/)
    const png = await taken(page, 'PNG')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(svg)?.[1]))
    expectClean(tab)
    await tab.close()
  })

  it('leaves a gap where a year has no value, and says why below it', async () => {
    const tab = await open(`${TWO.replace('pupils-primary', 'population-municipale')}&from=2016&to=2019`)
    const chart = tab.page.locator('svg.chart')
    // Of 2017 there is no population.
    expect(await chart.locator('path.line').first().getAttribute('d')).toMatch(/^M[^ML]+M[^M]+$/)
    expect(await chart.locator('.gap title').allTextContents()).toEqual([
      'Rennes, 2017\u00a0: non publié',
      'Ille-et-Vilaine, 2017\u00a0: non publié',
    ])
    expect(await tab.page.locator('table.newest').innerText()).toMatch(/2016–2019/)
    await tab.close()
  })

  it('says in what is taken along that it is simulated', async () => {
    const tab = await open('/compare')
    const { page } = tab
    await page.route('**/v1/comparison?*', async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replaceAll('"simulated":false', '"simulated":true')
      await route.fulfill({ response, body })
    })
    await page.getByRole('link', { name: /Rennes, Ille-et-Vilaine/ }).click()
    await page.locator('svg.chart').first().waitFor()
    await settled(page)
    expect(parse(await taken(page, 'CSV'), { columns: true, bom: true })[0]).toMatchObject({ simulated: 'true' })
    expect((await taken(page, 'SVG')).toString()).toMatch(/SIMULÉES[^]*>SIMULÉ, NON OFFICIEL</)
    await tab.close()
  })

  it('takes territories in and out, refuses a sixth, and says of an unknown one that it is none', async () => {
    const tab = await open(`${TWO}&t=commune:99999&t=region:53`)
    const { page } = tab
    expect(await chosen(page)).toEqual(['Rennes', 'Ille-et-Vilaine', 'commune:99999', 'Bretagne'])
    expect(await page.locator('ul.chosen li').nth(2).innerText()).toContain('No commune ever had this code')
    expect(await page.locator('section .trouble').count()).toBe(0)
    expect(await page.locator('table.newest tbody tr').count()).toBe(3)
    await page.getByRole('combobox', { name: 'Ajouter un territoire' }).fill('redon')
    await page.getByRole('option', { name: /^commune Redon/ }).click()
    await settled(page)
    expect(await chosen(page)).toContain('Redon')
    expect(await page.getByRole('combobox').and(page.locator('#add')).count()).toBe(0)
    expect(await page.getByText('Cinq territoires au plus').count()).toBe(1)
    await page.getByRole('button', { name: 'Retirer commune:99999' }).click()
    await settled(page)
    expect(await chosen(page)).toEqual(['Rennes', 'Ille-et-Vilaine', 'Bretagne', 'Redon'])
    await page.goBack()
    await page.goBack()
    await settled(page)
    expect(await chosen(page)).toHaveLength(4)
    await tab.close()

    const commas = await open('/compare?t=commune:35238,departement:35,region:53')
    expect(await chosen(commas.page)).toEqual(['Rennes', 'Ille-et-Vilaine', 'Bretagne'])
    await commas.close()
    const six = await open(`/compare?${[35, 22, 29, 56, 44, 49].map((code) => `t=departement:${code}`).join('&')}`)
    expect(await chosen(six.page)).toHaveLength(5)
    expect(await six.page.getByRole('alert').first().innerText()).toContain('departement:49')
    await six.close()
  })

  it('fails nothing of WCAG 2.1 AA, light and dark, and is no wider than a narrow screen', async () => {
    const tab = await open(`${TWO}&t=region:53&measure=pupils-per-class-primary&scale=index`)
    const { page } = tab
    await page.locator('main section details').first().click()
    expect(await axe(page, { within: 'main' })).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await axe(page, { within: 'main' })).toEqual([])
    expectClean(tab)
    await tab.close()
  })
})
