import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { listen, type Listening } from '../../gateway/serve.ts'
import { startFederation, type Federation } from '../federation/federation.ts'
import { launch, type Pages, type Tab } from './browser.ts'

/** The pages of a gateway over the fixtures, and a browser to look at them. */
export interface Served {
  /** Where the gateway answers, without a slash at the end. */
  readonly url: string
  /** Opens an address of the gateway, from its path on. */
  open(address: string, options?: BrowserContextOptions): Promise<Tab>
}

/** Serves the pages for the tests of the `describe` that calls it, and ends with them. */
export function servePages(): Served {
  let federation: Federation
  let service: Listening
  let pages: Pages
  beforeAll(async () => {
    federation = await startFederation({ tellsEdition: true })
    service = await listen({ app: federation.app, port: 0 })
    pages = await launch()
  })
  afterAll(async () => {
    await pages?.close()
    await service?.close()
    await federation?.close()
  })
  return {
    get url() {
      return service.url
    },
    open: (address, options) => pages.open(`${service.url}${address}`, options),
  }
}

/** That a page asked nobody else, broke no rule of its policy, and met no error. */
export const expectClean = ({ outside, blocked, errors }: Tab): void =>
  expect([outside, blocked, errors]).toEqual([[], [], []])
