import { describe, expect, it } from 'vitest'
import { axe, CHROMIUM, type Tab } from './browser.ts'
import { servePages } from './served.ts'

/** What GraphiQL itself does: its tab is a button inside an element with the role of a tab. */
const OF_GRAPHIQL = ['.graphiql-tab']

describe.skipIf(CHROMIUM === undefined)('GraphiQL in a browser', () => {
  const served = servePages()

  const open = async (address: string, options = {}): Promise<Tab> => {
    const tab = await served.open(address, options)
    await tab.page.getByRole('textbox', { name: /Requête|Query/ }).waitFor()
    return tab
  }
  const written = ({ page }: Tab): Promise<string> =>
    page.evaluate("monaco.editor.getModels().map((model) => model.getValue()).join('\\n--\\n')")
  const run = async ({ page }: Tab): Promise<string> => {
    await page.getByRole('textbox', { name: /Requête|Query/ }).focus()
    await page.keyboard.press('Control+Enter')
    await page.locator('#told', { hasText: ' ms' }).waitFor()
    return page.locator('#told').innerText()
  }

  it('answers what is written first, and says what it cost and of which data it is', async () => {
    const tab = await open('/graphiql')
    const told = await run(tab)
    expect(told).toMatch(/Coût : [\d,\s]+ sur 10\s000 points/)
    expect(told).toMatch(/Données : \w+ · Cache : /)
    expect([tab.outside, tab.blocked, tab.errors]).toEqual([[], [], []])
    await tab.close()
  })

  it('opens an example by keyboard, its variables written out, and leaves the editor by Tab', async () => {
    const tab = await open('/graphiql')
    const { page } = tab
    await page.locator('#examples summary').focus()
    await page.keyboard.press('Enter')
    const link = page.getByRole('link', { name: /catalogue$/ })
    await expect.poll(() => link.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await link.isVisible()).toBe(false)
    await page.keyboard.press('Enter')
    await page.locator('#examples a', { hasText: 'competences' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/operation=competences/)
    await page.getByRole('textbox', { name: 'Requête' }).waitFor()
    expect(await written(tab)).toMatch(/query Competences\([^]*"id": "commune:35238"/)
    expect(await run(tab)).toContain('Coût')
    const before = await written(tab)
    await page.getByRole('textbox', { name: 'Requête' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BUTTON')
    expect(await written(tab)).toBe(before)
    expect([tab.outside, tab.blocked, tab.errors]).toEqual([[], [], []])
    await tab.close()
  })

  it('takes the query and its variables along to the other language', async () => {
    const variables = encodeURIComponent('{"id":"departement:35"}')
    const tab = await open(`/graphiql?query=${encodeURIComponent('{ nation { name } }')}&variables=${variables}`)
    await tab.page.getByRole('link', { name: 'English' }).click()
    await tab.page.getByRole('textbox', { name: 'Query' }).waitFor()
    expect(await written(tab)).toMatch(/\{ nation \{ name \} \}[^]*"id": "departement:35"/)
    await tab.close()
  })

  it('opens an example with the variables of the address, and a query whatever is in it', async () => {
    const variables = encodeURIComponent('{"id":"departement:35"}')
    const example = await open(`/graphiql?operation=competences&variables=${variables}&lang=en`)
    expect(await written(example)).toContain('"id": "departement:35"')
    expect(await run(example)).toContain('Cost: ')
    await example.close()

    const hostile = '# </script><img src=x onerror="window.broken=1">\n{ nation { name } }'
    const tab = await open(`/graphiql?query=${encodeURIComponent(hostile)}`)
    expect(await written(tab)).toContain(hostile)
    expect(await run(tab)).toContain('Coût')
    expect(await tab.page.evaluate('window.broken')).toBeUndefined()
    expect([tab.outside, tab.blocked]).toEqual([[], []])
    await tab.close()
  })

  it('says which owner failed, and that nobody answered', async () => {
    const tab = await open('/graphiql?query={commune(code:"00000"){name}}')
    expect(await run(tab)).toMatch(/1 erreur de \w+/)
    await tab.page.route('**/graphql', (route) => route.abort())
    await tab.page.keyboard.press('Control+Enter')
    await tab.page.locator('#told', { hasText: 'Le service n’a pas répondu' }).waitFor()
    await tab.close()
  })

  it('has nothing against WCAG 2.1 AA, light and dark, wide and narrow', async () => {
    const tab = await open('/graphiql?operation=catalogue')
    const { page } = tab
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // The editor asks for the theme when it starts.
      await page.reload()
      await run(tab)
      await page.locator('#examples summary').click()
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 })
        await expect.poll(() => axe(page, { except: OF_GRAPHIQL }), { timeout: 10_000 }).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      }
    }
    await tab.close()
  })
})
