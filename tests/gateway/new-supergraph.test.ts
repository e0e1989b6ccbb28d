import { afterEach, describe, expect, it } from 'vitest'
import { startGateway, SUPERGRAPH, type TestGateway } from './fixture.ts'

/** The same country, where nobody echoes any more. */
const WITHOUT_ECHO = SUPERGRAPH.replace(/^ *echo\(.*\n/m, '')
const VERSION = ['0123456789abcdef.00000000']

let gateway: TestGateway
afterEach(() => gateway?.close())

const cacheOf = async (query: string) =>
  (await gateway.send({ body: JSON.stringify({ query }) })).headers['cache-status']

describe('a supergraph that takes the place of another', () => {
  it('is that by which questions are read from then on, at every door', async () => {
    gateway = await startGateway()
    await gateway.engine.take(WITHOUT_ECHO)
    const { errors } = await gateway.ask('{ echo(number: 3) }')
    expect(errors?.[0]?.message).toMatch(/Cannot query field "echo"/)
    expect((await gateway.ask('{ town(id: "1") { name green } }')).data).toEqual({
      town: { name: 'Ambre', green: 'roadKm=10 trees=1000' },
    })
  })

  it('gives no answer that was kept of the one before, and keeps its own', async () => {
    gateway = await startGateway({}, { versions: () => VERSION })
    const query = '{ echo(number: 3) }'
    expect(await cacheOf(query)).toMatch(/stored/)
    expect(await cacheOf(query)).toMatch(/hit/)
    expect(await cacheOf(query)).toMatch(/hit/)
    await gateway.engine.take(WITHOUT_ECHO)
    expect((await gateway.ask(query)).errors).toHaveLength(1)
    expect(await cacheOf('{ towns { name } }')).toMatch(/stored/)
    expect(await cacheOf('{ towns { name } }')).toMatch(/hit/)
  })

  it('lets a question under way finish on the one before, and keeps nothing of it', async () => {
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
    const { promise: goOn, resolve: go } = Promise.withResolvers<void>()
    const echoing = {
      async execute() {
        isAsked()
        await goOn
        return { data: { echo: 3 } }
      },
    }
    gateway = await startGateway({ towns: echoing }, { versions: () => VERSION })
    const answer = gateway.ask('{ echo(number: 3) }')
    await asked
    await gateway.engine.take(WITHOUT_ECHO)
    go()
    expect((await answer).data).toEqual({ echo: 3 })
    await gateway.engine.take(SUPERGRAPH)
    expect(await cacheOf('{ echo(number: 3) }')).toMatch(/stored/)
  })

  it.each([
    ['does not parse', 'type {'],
    ['leads nowhere', SUPERGRAPH.replace(/type Query[^]*?\n\}/, '')],
  ])('is refused where it %s, and the one before goes on', async (_, sdl) => {
    gateway = await startGateway()
    await expect(gateway.engine.take(sdl)).rejects.toThrow()
    expect((await gateway.ask('{ echo(number: 3) }')).data).toEqual({ echo: 3 })
  })
})
