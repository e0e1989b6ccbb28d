import { payerOf } from '../../guard/bill.ts'
import { PRICES } from '../../guard/limits.ts'
import { etagOf } from '../../http/etag.ts'
import { isKnown, type AppResponse } from '../../http/message.ts'
import { json, problem } from '../../http/respond.ts'
import type { Log } from '../../log.ts'
import type { Visit } from '../../routes.ts'
import { REVALIDATED, sendFile, watched } from '../file.ts'
import { BOUNDARIES_ROOT, type Boundaries } from './boundaries.ts'

/** Answers what is under `/v1/boundaries/`: the list, or a file of shapes. */
export async function answerBoundaries(
  visit: Visit,
  boundaries: Boundaries | undefined,
  log: Log,
): Promise<AppResponse> {
  const { request, url, requestId } = visit
  const pay = payerOf(visit)
  pay(PRICES.least)
  if (boundaries === undefined) {
    const detail = 'This gateway asks its subgraphs over HTTP and has no store of its own. Ask one that npm start runs.'
    return problem(404, 'No boundaries here', detail)
  }
  const name = url.pathname.slice(BOUNDARIES_ROOT.length)
  const [stray] = url.searchParams.keys()
  if (stray !== undefined) {
    const detail = `${url.pathname} takes no parameter, and was given ${JSON.stringify(stray)}.`
    return problem(400, 'No such parameter', detail)
  }
  if (name !== '') {
    const file = boundaries.find(name)
    if (file === undefined) return noSuchFile(boundaries, name)
    const tell = (err: unknown) => log.error({ requestId, err }, 'a file of boundaries broke off')
    return watched(await sendFile(file, request, pay), tell)
  }
  const list = json(boundaries.list)
  const headers = { ...list.headers, ...REVALIDATED, etag: etagOf(list.body) }
  if (isKnown(request, headers.etag)) return { status: 304, headers, body: '' }
  pay(PRICES.page - PRICES.least)
  return { ...list, headers }
}

function noSuchFile({ names, list: { help, notCovered } }: Boundaries, name: string): AppResponse {
  const departement = /^communes-([^.]*)\./.exec(name)?.[1]
  const isUncovered = notCovered.some(({ departements }) => departements?.includes(departement ?? '') === true)
  const why = isUncovered ? `No file that was loaded has the communes of the département ${departement}.` : ''
  const there = help ?? `There is ${names.join(', ')}.`
  const detail = [`There is no ${name} under ${BOUNDARIES_ROOT}.`, why, there].filter((part) => part !== '').join(' ')
  return problem(404, 'No such boundaries', detail, { boundaries: names })
}
