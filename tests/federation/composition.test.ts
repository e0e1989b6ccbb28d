import { describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { compose } from '../../gateway/compose.ts'
import { schemaTextOf } from '../../subgraphs/kit/subgraph.ts'
import { readSupergraph } from './federation.ts'

/** Where each subgraph listens when it runs alone. */
const services = OWNERS.map((name, index) => ({
  name,
  url: `http://127.0.0.1:${4001 + index}`,
  sdl: schemaTextOf(name),
}))

describe('composing the five subgraphs', () => {
  it('gives the committed supergraph, to the byte', async () => {
    expect(compose(services)).toBe(await readSupergraph())
  })

  it('does not depend on their order', async () => {
    expect(compose(services.toReversed())).toBe(await readSupergraph())
  })
})
