import type { Account } from './guard/rate.ts'
import { languageOf, prefersHtml } from './doors/accept.ts'
import { notFoundPage } from './doors/notFoundPage.ts'
import { PAGE_POLICY } from './doors/page.ts'
import { headerOf, type AppRequest, type AppResponse } from './http/message.ts'
import { html, problem, redirect } from './http/respond.ts'
import type { Report } from './report.ts'

/** What a route needs to answer. */
export interface Visit {
  readonly request: AppRequest
  readonly url: URL
  readonly requestId: string
  readonly account: Account
  /** Where clients find the service, without a slash at the end: what absolute links begin with. Empty where nobody knows. */
  readonly origin: string
  /** Where is written down what the request came to. */
  readonly report: Report
}

/** One address of the service. */
export interface Route {
  /** The path; one that ends with a slash has names under it. */
  readonly path: string
  readonly methods: readonly string[]
  /** What one finds there, for the page of an unknown route. */
  readonly purpose: string
  readonly cors?: true
  /** What a request pays, in points; by default the least. */
  readonly price?: number
  /** Where what is asked decides what is paid, and the answer sees to it. */
  readonly paysItself?: true
  answer(visit: Visit): Promise<AppResponse> | AppResponse
}

/** The route of a path; undefined where there is none. */
export const routeOf = (routes: readonly Route[], pathname: string | undefined): Route | undefined =>
  routes.find(
    ({ path }) => path === pathname || (path.endsWith('/') && path !== '/' && pathname?.startsWith(path) === true),
  )

/**
 * Where a path is that of a route but for the slash at its end: the way to it, for good. Only what can be read is sent on, since few
 * clients post a body a second time.
 */
export function slipOf(routes: readonly Route[], pathname: string, method: string): Route | undefined {
  if (!READING.has(method) || routes.some(({ path }) => path === pathname)) return undefined
  const meant = pathname.endsWith('/') ? pathname.slice(0, -1) : `${pathname}/`
  const route = routes.find(({ path, methods }) => path === meant && methods.includes('GET'))
  return (
    route && {
      path: route.path,
      methods: ['GET'],
      purpose: route.purpose,
      ...(route.cors && { cors: true }),
      answer: ({ url }) => redirect(`${route.path}${url.search}`, 308),
    }
  )
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a route answers a method; HEAD is as good as GET. */
export const allows = ({ methods }: Route, method: string): boolean =>
  methods.includes(method === 'HEAD' ? 'GET' : method)

/** The answer to a method that a route does not have. */
export function wrongMethod({ path, methods, purpose, cors }: Route): AppResponse {
  const allow = cors ? [...methods, 'OPTIONS'] : methods
  return problem(
    405,
    'Method not allowed',
    `${path} (${purpose}) answers ${allow.join(', ')}.`,
    {},
    { allow: allow.join(', ') },
  )
}

/** The answer to a path that is none: what there is instead, as a page for a browser. */
export function notFound(routes: readonly Route[], request: AppRequest, url: URL | null): AppResponse {
  const path = url?.pathname ?? request.url
  if (prefersHtml(headerOf(request, 'accept'))) {
    const language = languageOf(url?.searchParams.get('lang') ?? null, headerOf(request, 'accept-language'))
    const page = html(notFoundPage(path, language))
    const headers = {
      ...page.headers,
      vary: 'accept, accept-language',
      'cache-control': 'no-store',
      'content-language': language,
      'content-security-policy': PAGE_POLICY,
    }
    return { status: 404, headers, body: page.body }
  }
  const known = routes.map(({ path, methods, purpose }) => ({ path, methods, purpose }))
  const list = known.map(({ path }) => path).join(', ')
  return problem(
    404,
    'Not found',
    `There is nothing at ${path}. There is something at: ${list}.`,
    { routes: known },
    { vary: 'accept, accept-language' },
  )
}
