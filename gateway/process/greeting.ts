import type { Service } from './primary.ts'

const QUERY = '{ commune(code: "35238") { name population { value } schoolEnrolment { total { value status } } } }'

/** What a person reads once the service is ready: where it is, what it serves, what to paste. */
export function greeting({ url, facts, reports }: Service, seconds: number): string {
  return [
    `Strates is ready on ${url} (${seconds.toFixed(1)} s)`,
    ...facts,
    describeWorkers(reports().map(({ memoryMb }) => memoryMb)),
    `  ${url}/           to search and look, in a browser`,
    `  ${url}/graphql    the API`,
    `  ${url}/graphiql   to write queries, with one to start from`,
    `  ${url}/readyz     whether it answers`,
    'Paste this:',
    `  curl -s ${url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query: QUERY })}'`,
    '',
  ].join('\n')
}

function describeWorkers(memoryMb: readonly number[]): string {
  const most = Math.max(...memoryMb)
  return memoryMb.length === 1
    ? `1 worker, ${most} MB of memory`
    : `${memoryMb.length} workers, ${most} MB of memory each at most`
}
