import { expect, it } from 'vitest'
import type { SubgraphTransport } from '../../gateway/transport/transport.ts'
import { startGateway } from './fixture.ts'

/** A subgraph that never answers, and says when nobody waits for it any longer. */
function sleeper() {
  const { promise: abandoned, resolve } = Promise.withResolvers<void>()
  const transport: SubgraphTransport = {
    trusted: true,
    execute: ({ signal }) => {
      signal.addEventListener('abort', () => resolve())
      return new Promise(() => {})
    },
    versions: () => [],
    close: async () => {},
  }
  return { transport, abandoned }
}

it('answers a whole operation that takes too long with a coded error, and abandons what is in flight', async () => {
  const { transport, abandoned } = sleeper()
  const gateway = await startGateway({ towns: transport }, { limits: { operationMs: 400 } })
  const { status, headers, body } = await gateway.send({ body: JSON.stringify({ query: '{ towns { name trees } }' }) })
  await abandoned
  expect([status, headers['cache-control']]).toEqual([504, 'no-store'])
  const { data, errors, extensions } = JSON.parse(String(body))
  expect(data).toBeUndefined()
  expect(errors[0].message).toMatch(/took too long.*at most 400 ms/)
  expect(errors[0].extensions).toMatchObject({ code: 'OPERATION_TIMEOUT', limit: 400 })
  expect(extensions.cost.requested).toBeGreaterThan(0)
  expect(gateway.calls['trees']).toBeUndefined()
  expect((await gateway.ask('{ forest { age } }')).data).toEqual({ forest: { age: 800 } })
  await gateway.close()
})

it('asks nothing more once the time is up, however many steps the plan has left', async () => {
  const slow: SubgraphTransport = {
    trusted: true,
    execute: async () => {
      await new Promise((resolve) => setTimeout(resolve, 700))
      return { data: { town: { __typename: 'Town', id: '1' } } }
    },
    versions: () => [],
    close: async () => {},
  }
  const gateway = await startGateway({ towns: slow }, { limits: { operationMs: 400 } })
  const { errors } = await gateway.ask('{ town(id: "1") { trees roadKm } }')
  expect(errors?.[0]?.extensions?.['code']).toBe('OPERATION_TIMEOUT')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect([gateway.calls['trees'], gateway.calls['roads']]).toEqual([undefined, undefined])
  await gateway.close()
})
