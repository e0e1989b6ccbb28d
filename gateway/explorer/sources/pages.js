/**
 * The pages of a list, one after the other, as far as they have come.
 * @import { Reply } from '../answers.d.ts'
 * @typedef {{ readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly totalCount: number }} Page
 */

/**
 * Asks the pages of a list, each when the one before it is there.
 * @template T
 * @template {Page} P
 * @param {(after: string | null) => Reply<T>} ask asks the page after a cursor
 * @param {(data: T) => P | null | undefined} pageOf where the page stands in an answer
 * @param {number} [most] how many pages
 * @returns {{ asked: Reply<T>, pages: readonly P[], hasMore: boolean }} `asked`: the newest; `hasMore`: pages are left that were not asked
 */
export function askPages(ask, pageOf, most = Infinity) {
  /** @type {P[]} */
  const pages = []
  /** @type {string | null} */
  let after = null
  for (;;) {
    const asked = ask(after)
    const page = asked.state === 'answered' ? pageOf(asked.data) : null
    if (!page) return { asked, pages, hasMore: false }
    pages.push(page)
    const { hasNextPage, endCursor } = page.pageInfo
    if (!hasNextPage || endCursor === null || pages.length >= most) return { asked, pages, hasMore: hasNextPage }
    after = endCursor
  }
}
