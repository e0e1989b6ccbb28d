import { headerOf, type AppRequest, type AppResponse } from '../http/message.ts'
import { problem, text } from '../http/respond.ts'

/** Who may read `/metrics`: callers on this machine only, or everyone. */
export type MetricsAccess = 'local' | 'public'

/** Answers the counts, in the text format of Prometheus, to those who may read them. */
export async function answerMetrics(
  request: AppRequest,
  access: MetricsAccess,
  read: () => Promise<string>,
): Promise<AppResponse> {
  if (access === 'local' && !isLocal(request)) {
    const detail =
      'These counts are read from the machine of the gateway only, or from anywhere with STRATES_METRICS=public.'
    return problem(403, 'Not for this address', detail)
  }
  return text(200, await read(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i

/** What a proxy on this machine passes on comes from loopback too, but says for whom. */
function isLocal(request: AppRequest): boolean {
  const { remoteAddress } = request
  if (['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => headerOf(request, name) !== '')) return false
  return remoteAddress === undefined || LOOPBACK.test(remoteAddress)
}
