/**
 * Settings of Hive Gateway before our subgraphs: `hive-gateway supergraph --config gateway.config.ts`, with STRATES_SUBGRAPH_SECRET in its
 * environment and, as SUPERGRAPH, the file that `npm run compose -- --out` wrote and in which the addresses are right.
 */
import { sign, SIGNATURE_HEADER } from '../../../core/signature.ts'

const { STRATES_SUBGRAPH_SECRET: secret = '', SUPERGRAPH: supergraph = 'gateway/supergraph.graphql' } = process.env

/** The part of a plug-in's hook that is used here. */
interface Fetching {
  readonly options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  setOptions(options: object): void
}

/** Signs each call of a subgraph, over the very bytes that are sent. */
export const signing = {
  onFetch({ options, setOptions }: Fetching): void {
    if (typeof options.body !== 'string') return
    const signature = sign(secret, options.body, Date.now())
    setOptions({ ...options, headers: { ...options.headers, [SIGNATURE_HEADER]: signature } })
  },
}

export const gatewayConfig = { supergraph, plugins: () => [signing] }
