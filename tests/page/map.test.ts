import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { axe, CHROMIUM, type Tab } from './browser.ts'
import { expectClean, servePages } from './served.ts'

/** A square of the ground, by its south-west corner: as TopoJSON without shared borders. */
const squares = {
  'commune:35238': [-1.7, 48.1],
  'commune:35033': [-1.75, 47.9],
  'commune:35047': [-1.7, 48],
  'commune:35051+35055': [-1.5, 48],
} as const

/** Two communes of today whose ground is one shape. */
const SHARED = ['commune:35051', 'commune:35055']

const SHAPES = {
  type: 'Topology',
  arcs: Object.values(squares).map(([west, south]) => [
    [west, south],
    [west, south + 0.1],
    [west + 0.1, south + 0.1],
    [west + 0.1, south],
    [west, south],
  ]),
  objects: {
    territories: {
      type: 'GeometryCollection',
      geometries: Object.keys(squares).map((id, index) => ({
        type: 'Polygon',
        id,
        properties: { code: id, name: id, ...(id.includes('+') && { standsFor: SHARED }) },
        arcs: [[index]],
      })),
    },
  },
}
const LIST = {
  geography: 2026,
  attribution: 'IGN, Admin Express',
  files: [
    { name: 'communes-35', tier: 'COMMUNE', departement: '35', topojson: '/v1/boundaries/communes-35.topojson' },
    { name: 'communes-75', tier: 'COMMUNE', departement: '75', topojson: '/v1/boundaries/communes-75.topojson' },
  ],
}

describe.skipIf(CHROMIUM === undefined)('the map in a browser', () => {
  const served = servePages()

  const settled = async (page: Page): Promise<void> => {
    await page.locator('main:not(:has(.loading, [aria-busy=true])) h1').waitFor()
  }
  /** Opens a page whose boundaries are those given, by path; none is loaded where there are none. */
  const open = async (address: string, boundaries: Record<string, unknown> = {}, options = {}): Promise<Tab> => {
    const tab = await served.open('/v1/limits', options)
    await tab.page.route('**/v1/boundaries/**', async (route) => {
      const found = boundaries[new URL(route.request().url()).pathname]
      if (found === 'BROKEN')
        await route.fulfill({ status: 503, json: { code: 'OVERLOADED', detail: 'Too much at once.' } })
      else await route.fulfill({ json: found ?? { geography: 2026, files: [] } })
    })
    await tab.page.goto(`${served.url}${address}`)
    await settled(tab.page)
    return tab
  }
  const drawn = { '/v1/boundaries/': LIST, '/v1/boundaries/communes-35.topojson': SHAPES }
  const areas = (page: Page) => page.locator('svg.map .area[role=link]')
  const all = (page: Page, what: string) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('svg.map .area[role=link]')].map((one) => one.getAttribute('${what}'))`,
    )
  const labels = (page: Page) => all(page, 'aria-label')

  it('shows tiles where no boundaries are loaded, says how to load them, and the same members in the table', async () => {
    const tab = await open('/map?year=2021')
    const { page } = tab
    expect(await page.locator('#members tbody tr').count()).toBe(await areas(page).count())
    expect(await labels(page)).toContainEqual(
      expect.stringMatching(/^Ille-et-Vilaine\u00a0: [\d\u202f]+ (élèves|pupils)/),
    )
    expect(await page.locator('#map').innerText()).toContain('npm run ingest -- --boundaries DIR')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/ par département, France, rentrée 2021$/)
    expectClean(tab)
    await tab.close()
  })

  it('draws the communes of a département with its own file alone, and says who has no shape', async () => {
    const tab = await open('/map?t=departement:35&year=2021&rows=all', drawn)
    const { page } = tab
    expect(await areas(page).count()).toBe(4)
    const rows = await page.locator('#members tbody tr').count()
    expect(await page.locator('.legend').innerText()).toMatch(new RegExp(`sans contour sur la carte\\s+${rows - 5}`))
    expect(await page.locator('#map').innerText()).toContain('IGN, Admin Express')
    // Each of those that share a shape is told with it, and the shape has the colour of neither.
    expect(await labels(page)).toContainEqual(expect.stringMatching(/^Cesson-Sévigné.*; Chantepie/))
    expect(await page.locator('svg.map [fill="url(#hatch-shared)"]').count()).toBe(1)
    expectClean(tab)
    await tab.close()
  })

  it('is walked by arrow keys from one stop, chosen with Space, opened with Enter', async () => {
    const tab = await open('/map?t=departement:35&year=2021', drawn)
    const { page } = tab
    const named = () => page.evaluate<string>('document.activeElement.ariaLabel')
    const inMap = () =>
      page.evaluate<string>("document.activeElement.closest('svg.map') && document.activeElement.localName || ''")
    expect(await page.locator('svg.map [tabindex="0"]').count()).toBe(1)
    await page.locator('select[name=n]').focus()
    for (let stop = 0; stop < 3 && (await inMap()) === ''; stop += 1) await page.keyboard.press('Tab')
    expect(await inMap()).toBe('path')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await named()).toMatch(/^Rennes/)
    expect(await page.locator('.told').innerText()).toMatch(/^Rennes/)
    await page.keyboard.press('Space')
    await page.waitForURL(/[?&]s=commune:35238/)
    expect(await page.locator('#chosen').innerText()).toMatch(/^Rennes/)
    expect(await named()).toMatch(/^Rennes/)
    expect(await page.locator('svg.map [tabindex="0"]').count()).toBe(1)
    await page.keyboard.press('ArrowDown')
    expect(await named()).not.toMatch(/^Rennes/)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/\?t=commune:35238/)
    await page.goBack()
    await settled(page)
    expect(await page.locator('#chosen').innerText()).toMatch(/^Rennes/)
    expectClean(tab)
    await tab.close()
  })

  it('keeps what is chosen in the address: measure, classes, order, coverage, language', async () => {
    const tab = await open('/map?t=departement:35&year=2021')
    const { page } = tab
    await page.locator('select[name=measure]').selectOption('population-municipale')
    await page.locator('select[name=classes]').selectOption('equal')
    await page.locator('#members').getByRole('link', { name: /^Nom/ }).click()
    await settled(page)
    expect(await page.locator('#members th[aria-sort=ascending]').innerText()).toMatch(/^Nom/)
    const names = await page.locator('#members tbody th').allInnerTexts()
    expect(names).toEqual(names.toSorted(new Intl.Collator('fr').compare))
    const { search } = new URL(page.url())
    for (const part of ['measure=population-municipale', 'classes=equal', 'sort=name']) expect(search).toContain(part)
    const shown = await page.locator('main').innerText()

    const other = await open(`/map${search}`)
    expect(await other.page.locator('main').innerText()).toBe(shown)
    await other.page.locator('select[name=show]').selectOption('coverage')
    await other.page.getByRole('link', { name: 'English' }).click()
    await other.page.waitForURL(/lang=en/)
    await settled(other.page)
    expect(await other.page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^What is missing by commune/)
    for (const one of [tab, other]) {
      expectClean(one)
      await one.close()
    }
  })

  it('hatches who has no value with its status, in the map, the legend and the table', async () => {
    const tab = await open('/map?t=departement:35')
    const { page } = tab
    await page.route('**/v1/choropleth**', async (route) => {
      const response = await route.fetch()
      const body = await response.json()
      for (const node of body.data.ranking.members.nodes.slice(0, 2))
        Object.assign(node.observation, { value: null, status: 'SUPPRESSED' })
      Object.assign(body.data.ranking.members.nodes[0].territory, { name: '<img src=x onerror=alert(1)>' })
      await route.fulfill({ response, json: body })
    })
    await page.route('**/v1/boundaries/**', (route) =>
      route.fulfill({ json: drawn[new URL(route.request().url()).pathname as keyof typeof drawn] }),
    )
    await page.goto(`${served.url}/map?t=departement:35&year=2021`)
    await settled(page)
    expect(await page.locator('.legend').innerText()).toMatch(/secret statistique\s+2/)
    expect(await page.locator('#members .absent').allInnerTexts()).toContain('secret statistique')
    const fills = await all(page, 'fill')
    const hatched = fills.filter((fill) => fill === 'url(#hatch-SUPPRESSED)').length
    expect(await labels(page)).toEqual(
      expect.arrayContaining(Array(hatched).fill(expect.stringMatching(/: secret statistique$/))),
    )
    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.locator('#members').innerText()).toContain('<img src=x onerror=alert(1)>')
    await tab.close()
  })

  it('shows the map of the EPCI of a commune, with the commune chosen, and the way up', async () => {
    const tab = await open('/map?t=commune:35238')
    const { page } = tab
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/par commune, Rennes Métropole/)
    expect(await page.locator('#chosen').innerText()).toMatch(/^Rennes/)
    await page.locator('.crumbs').getByRole('link', { name: 'Bretagne' }).click()
    await page.waitForURL(/t=region:53/)
    await settled(page)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/par département, Bretagne/)
    expectClean(tab)
    await tab.close()
  })

  it('says when boundaries do not come, and still has the table', async () => {
    const tab = await open('/map?t=departement:35&year=2021', {
      ...drawn,
      '/v1/boundaries/communes-35.topojson': 'BROKEN',
    })
    expect(await tab.page.locator('#map [role=alert]').innerText()).toContain('OVERLOADED')
    expect(await tab.page.locator('#members tbody tr').count()).toBeGreaterThan(2)
    await tab.close()
  })

  it.each([
    ['light', 1280, '/map?t=departement:35&year=2021&s=commune:35238', drawn],
    ['dark', 390, '/map?t=departement:35&year=2021&lang=en&show=coverage', drawn],
    ['light', 390, '/map?year=2021', {}],
    ['dark', 1280, '/map?tier=REGION&n=7', {}],
  ] as const)('is fit for all, %s, %d wide: %s', async (colorScheme, width, address, boundaries) => {
    const tab = await open(address, boundaries, { colorScheme, viewport: { width, height: 844 } })
    expect(await axe(tab.page)).toEqual([])
    expect(await tab.page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expectClean(tab)
    await tab.close()
  })
})
