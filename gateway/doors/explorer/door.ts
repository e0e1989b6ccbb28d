import { etagOf } from '../../http/etag.ts'
import { isKnown, type AppResponse } from '../../http/message.ts'
import { html, problem, redirect } from '../../http/respond.ts'
import type { Route, Visit } from '../../routes.ts'
import { languageOf } from '../accept.ts'
import { readExplorer, type ExplorerAssets } from './assets.ts'
import { explorerPolicy, shell } from './shell.ts'

/** The pages that the explorer draws, and what one finds there. */
const PAGES = {
  '/': 'the explorer: search, and what is known of a territory',
  '/map': 'a map of the members of a territory',
  '/compare': 'territories side by side',
  '/sources': 'who opens what: owners, datasets, coverage, reconciliation',
} as const

/** Options of {@link explorerRoutes}. */
export interface ExplorerOptions {
  /** What a page costs, in points. */
  readonly price: number
  /** Whether the schema that is served answers what the pages ask; that of a foreign supergraph does not. */
  readonly isAnswerable: () => boolean
}

/** The routes of the explorer: its pages, and the files that they load. */
export function explorerRoutes({ price, isAnswerable }: ExplorerOptions): readonly Route[] {
  let assets: ExplorerAssets | undefined
  const read = (): ExplorerAssets => (assets ??= readExplorer())
  return [
    ...Object.entries(PAGES).map(([path, purpose]): Route => ({
      path,
      methods: ['GET'],
      purpose,
      price,
      answer: ({ request, url }) => (isAnswerable() ? answerPage(read(), request, url) : redirect('/graphiql')),
    })),
    {
      path: '/favicon.ico',
      methods: ['GET'],
      purpose: 'the sign of this service',
      answer: ({ request }) => answerIcon(read(), request),
    },
    {
      path: '/explorer/',
      methods: ['GET'],
      purpose: 'the files of the explorer',
      answer: (visit) => answerAsset(read(), visit),
    },
  ]
}

/** French, unless English is asked for in the address: the address alone says what one sees, so that it can be given to others. */
function answerPage(assets: ExplorerAssets, request: Visit['request'], url: URL): AppResponse {
  const response = html(shell(assets, url, languageOf(url.searchParams.get('lang'), '')))
  const etag = etagOf(response.body as string)
  const headers = { etag, 'cache-control': 'no-cache', 'content-security-policy': explorerPolicy(assets) }
  if (isKnown(request, etag)) return { status: 304, headers, body: '' }
  return { ...response, headers: { ...response.headers, ...headers } }
}

async function answerAsset(assets: ExplorerAssets, { request, url: { pathname } }: Visit): Promise<AppResponse> {
  const answered = await assets.answer(request, pathname)
  if (answered !== undefined) return answered
  const detail = `${pathname.slice(0, 200)} is no file of the explorer that is served now. Load its page again: it names those there are.`
  return problem(404, 'No such file', detail, {}, { 'cache-control': 'no-store' })
}

/** What browsers ask by themselves, for pages that name no sign of their own. */
async function answerIcon(assets: ExplorerAssets, request: Visit['request']): Promise<AppResponse> {
  const icon = await assets.answer(request, assets.addressOf('icon.svg'))
  if (icon === undefined) return problem(404, 'No such file', 'The sign of this service is not there.')
  return { ...icon, headers: { ...icon.headers, 'cache-control': 'public, max-age=86400' } }
}
