import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBreakers, REST } from '../../gateway/engine/breakers.ts'
import { StratesError } from '../../core/observations/error.ts'
import { subgraphUnavailable } from '../../gateway/transport/transport.ts'
import { recordingLog, serveSubgraph, startGateway } from './fixture.ts'

const OUT = () => Promise.reject(subgraphUnavailable({ subgraph: 'trees', reason: 'TIMEOUT', what: 'is slow' }))
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ANSWERED',
    (error: unknown) =>
      error instanceof StratesError ? String(error.facts.details?.['reason'] ?? error.code) : String(error),
  )

describe('the breaker of a subgraph', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  it('opens after five outages in a row, and lets one call try after ten seconds', async () => {
    const { log, logged } = recordingLog()
    const { guard } = createBreakers(log)
    let calls = 0
    const fail = () => reasonOf(guard('trees', () => ((calls += 1), OUT())))
    for (let times = 0; times < 5; times += 1) expect(await fail()).toBe('TIMEOUT')
    expect([await fail(), await fail(), calls]).toEqual(['RESTING', 'RESTING', 5])
    expect(await reasonOf(guard('roads', async () => 'here'))).toBe('ANSWERED')

    vi.advanceTimersByTime(REST.ms - 1)
    expect([await fail(), calls]).toEqual(['RESTING', 5])
    vi.advanceTimersByTime(1)
    const { promise, reject } = Promise.withResolvers<never>()
    const trial = reasonOf(guard('trees', () => promise))
    // Nobody else waits for the trial.
    expect([await fail(), await fail(), calls]).toEqual(['RESTING', 'RESTING', 5])
    reject(new Error('still down'))
    expect(await trial).toMatch('still down')
    expect(await fail()).toBe('RESTING')

    vi.advanceTimersByTime(REST.ms)
    expect(await reasonOf(guard('trees', async () => 'back'))).toBe('ANSWERED')
    expect(await fail()).toBe('TIMEOUT')
    expect(logged.map(({ record }) => (record as unknown as { subgraph: string }).subgraph)).toEqual([
      'trees',
      'trees',
      'trees',
    ])
  })

  it('counts outages in a row only', async () => {
    const { guard } = createBreakers(recordingLog().log)
    for (let times = 0; times < 20; times += 1) {
      expect(await reasonOf(guard('trees', times % 5 === 4 ? async () => 'here' : OUT))).not.toBe('RESTING')
    }
  })

  it('rests no longer once somebody saw that it is there again', async () => {
    const { guard, forgive } = createBreakers(recordingLog().log)
    for (let times = 0; times < 5; times += 1) await reasonOf(guard('trees', OUT))
    expect(await reasonOf(guard('trees', async () => 'here'))).toBe('RESTING')
    forgive('trees')
    expect(await reasonOf(guard('trees', async () => 'here'))).toBe('ANSWERED')
  })

  it.each([
    [
      'a version that it does not hold',
      subgraphUnavailable({ subgraph: 'trees', reason: 'OTHER_VERSION', what: 'moved on' }),
    ],
    [
      'the time of the whole operation',
      new StratesError({ code: 'OPERATION_TIMEOUT', what: 'slow', on: 'it', expected: 'less', remedy: 'wait' }),
    ],
  ])('takes %s for no outage', async (_, error) => {
    const { guard } = createBreakers(recordingLog().log)
    for (let times = 0; times < 20; times += 1)
      expect(await reasonOf(guard('trees', () => Promise.reject(error)))).not.toBe('RESTING')
  })
})

describe('a gateway over a subgraph that is down', () => {
  it('stops asking it, names it all the same, and finds out when it is back', async () => {
    let isDown = true
    let asked = 0
    const server = await serveSubgraph('trees', (_, response) => {
      asked += 1
      if (isDown) response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"forest":{"age":7}}}')
    })
    const gateway = await startGateway({ trees: server.transport })
    const ask = async () => {
      const { data, errors } = await gateway.ask('{ forest { age } town(id: "1") { name } }')
      expect(data.town).toEqual({ name: 'Ambre' })
      return errors?.[0]?.extensions?.['reason'] ?? data.forest
    }
    asked = 0
    try {
      vi.useFakeTimers({ toFake: ['Date'] })
      const reasons = []
      for (let times = 0; times < 8; times += 1) reasons.push(await ask())
      expect(reasons).toEqual([...Array.from({ length: 5 }, () => 'BAD_ANSWER'), 'RESTING', 'RESTING', 'RESTING'])
      expect(asked).toBe(5)
      isDown = false
      expect(await ask()).toBe('RESTING')
      vi.advanceTimersByTime(REST.ms)
      expect([await ask(), await ask()]).toEqual([{ age: 7 }, { age: 7 }])
    } finally {
      vi.useRealTimers()
      await gateway.close()
      await server.close()
    }
  })
})
