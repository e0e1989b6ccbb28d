import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../core/environment.ts'

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      workers: expect.toSatisfy((workers: number) => workers >= 1 && workers <= availableParallelism()),
      dataFolder: '.strates',
      rateLimit: 60_000,
      cacheMb: 64,
      trustedProxies: [],
      metrics: 'local',
      logLevel: 'info',
    })
  })

  it('takes what is set, and an empty variable for unset', () => {
    const environment = readEnvironment({
      PORT: '8080',
      HOST: '0.0.0.0',
      STRATES_WORKERS: '3',
      STRATES_DATA: '/data',
      LOG_LEVEL: '',
    })
    expect(environment).toEqual({
      port: 8080,
      host: '0.0.0.0',
      workers: 3,
      dataFolder: '/data',
      rateLimit: 60_000,
      cacheMb: 64,
      trustedProxies: [],
      metrics: 'local',
      logLevel: 'info',
    })
  })

  it('takes the origin of the public address, without the slash at its end', () => {
    expect(readEnvironment({ STRATES_PUBLIC_URL: 'https://example.org/' }).publicUrl).toBe('https://example.org')
    expect(readEnvironment({ STRATES_PUBLIC_URL: 'http://Host:4000' }).publicUrl).toBe('http://host:4000')
  })

  it('finds where traces go: the whole address, or that of a collector with the path of traces', () => {
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }
    expect(readEnvironment(collector).traces).toEqual({
      url: 'http://collector:4318/v1/traces',
      serviceName: 'strates',
    })
    const both = { ...collector, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/here', OTEL_SERVICE_NAME: 'one' }
    expect(readEnvironment(both).traces).toEqual({ url: 'https://traces/here', serviceName: 'one' })
  })

  it.each([
    ['PORT', 'eighty', '0 to 65535'],
    ['PORT', '70000', '0 to 65535'],
    ['PORT', '80.5', '0 to 65535'],
    ['STRATES_WORKERS', '0', 'from 1 to 64'],
    ['STRATES_WORKERS', '65', 'from 1 to 64'],
    ['LOG_LEVEL', 'loud', 'fatal, error, warn'],
    ['STRATES_CACHE_MB', '-1', 'a number of megabytes'],
    ['STRATES_PUBLIC_URL', 'example.org', 'an http:// or https:// address'],
    ['STRATES_PUBLIC_URL', 'ftp://example.org', 'an http:// or https:// address'],
    ['STRATES_PUBLIC_URL', 'https://example.org/#top', 'without path, query, fragment'],
    ['STRATES_PUBLIC_URL', 'https://example.org/strates', 'without path.*at the root of a host name of its own'],
    ['REDIS_URL', 'localhost', 'redis://127.0.0.1:6379'],
    ['STRATES_METRICS', 'all', 'local, public'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'http://'],
  ])('names %s and its value "%s", and says what was expected', (name, value, expected) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringMatching(new RegExp(`${name}=${value}.*${expected}`)),
      }),
    )
  })

  it.each([
    ['REDIS_URL', 'http://user:hun@ter2@example.org'],
    ['STRATES_SUBGRAPH_SECRET', 'hunter2'],
  ])('shows nothing secret of %s in an error', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hun|ter2/) }),
    )
  })
})
