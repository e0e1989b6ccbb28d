import { existsSync } from 'node:fs'
import axeCore from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** Where Chromium is; undefined where there is none, and the tests of pages are left out. */
export const CHROMIUM = [process.env['CHROMIUM'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
)

/** Nothing of the browser's own goes over the network: what is asked is asked by the page. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The success criteria of WCAG 2.1 at the levels A and AA, as axe-core names them. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** A page that is open, and what went wrong in it so far. */
export interface Tab {
  readonly page: Page
  /** Addresses of other hosts that were asked for; none of them was answered. */
  readonly outside: readonly string[]
  /** What the page's policy (CSP) kept from happening. */
  readonly blocked: readonly string[]
  /** What was written to the console as an error, and errors that nothing caught. */
  readonly errors: readonly string[]
  /** Closes the page with its storage. */
  close(): Promise<void>
}

/** One Chromium. */
export interface Pages {
  /** Opens an address in a storage of its own, without a cache. Default: French, light, 1280 × 800. */
  open(url: string, options?: BrowserContextOptions): Promise<Tab>
  /** Ends the browser. */
  close(): Promise<void>
}

/** Starts Chromium. @throws Error where there is none: ask {@link CHROMIUM} first. */
export async function launch(): Promise<Pages> {
  if (CHROMIUM === undefined) throw new Error('no Chromium here: install it, or name it in CHROMIUM')
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  return { open: (url, options) => open(browser, url, options), close: () => browser.close() }
}

async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const outside: string[] = []
  const blocked: string[] = []
  const errors: string[] = []
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 800 }, ...options })
  const { origin } = new URL(url)
  await context.route(
    (asked) => asked.origin !== origin && /^(https?|wss?):$/.test(asked.protocol),
    async (route) => {
      outside.push(route.request().url())
      await route.abort()
    },
  )
  await context.exposeFunction('tellBlocked', (what: string) => void blocked.push(what))
  await context.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => tellBlocked(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber} ${event.sample}`))",
  )
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => void errors.push(error.message))
  await page.goto(url)
  return { page, outside, blocked, errors, close: () => context.close() }
}

/** Options of {@link axe}. */
export interface AxeOptions {
  /** What is looked at, as a CSS selector. Default: the whole page. */
  readonly within?: string
  /** Parts that are left out, as CSS selectors. */
  readonly except?: readonly string[]
}

/** What of a page fails WCAG 2.1 A or AA, by axe-core: a line for each element. The page's policy need not allow it. */
export async function axe(page: Page, { within, except = [] }: AxeOptions = {}): Promise<readonly string[]> {
  // Said to the browser itself, not to the page, whose policy keeps foreign scripts out.
  await page.evaluate(axeCore.source)
  const what = JSON.stringify({ include: [[within ?? 'html']], exclude: except.map((selector) => [selector]) })
  const how = JSON.stringify({ runOnly: { type: 'tag', values: WCAG }, resultTypes: ['violations'] })
  const { violations } = await page.evaluate<Violations>(`axe.run(${what}, ${how})`)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  )
}

/** As much of the result of axe-core as is read here. */
interface Violations {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
  }[]
}
