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
      snapshotsEvery: 20,
      cacheMb: 64,
      trustedProxies: [],
      metrics: 'local',
      refresh: false,
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
      snapshotsEvery: 20,
      cacheMb: 64,
      trustedProxies: [],
      metrics: 'local',
      refresh: false,
      logLevel: 'info',
    })
  })

  it('takes the origin of the public address, without the slash at its end', () => {
    expect(readEnvironment({ STRATES_PUBLIC_URL: 'https://example.org/' }).publicUrl).toBe('https://example.org')
    expect(readEnvironment({ STRATES_PUBLIC_URL: 'http://Host:4000' }).publicUrl).toBe('http://host:4000')
  })

  it('finds where subgraphs are, by their names', () => {
    const of = (url: string) => readEnvironment({ STRATES_SUBGRAPH_URL: url }).subgraphUrl
    expect([of(''), of('http://{name}.tiers:4000/')]).toEqual([undefined, 'http://{name}.tiers:4000/'])
    for (const wrong of ['http://commune:4000/', 'file:///{name}', 'http://user:secret@{name}/', '{name}:4000'])
      expect(() => of(wrong), wrong).toThrow('STRATES_SUBGRAPH_URL')
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

  it('finds where snapshots are: a folder, a web server, or a bucket at Amazon or elsewhere', () => {
    const key = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
    const signed = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: undefined }
    const of = (url: string, others = {}) => readEnvironment({ STRATES_STORE_URL: url, ...others }).snapshots
    expect(of('')).toBeUndefined()
    expect(of('file:///srv/a%20b/')).toEqual({ kind: 'file', folder: '/srv/a b/' })
    expect(of('https://example.org/strates/')).toEqual({ kind: 'http', url: 'https://example.org/strates' })
    expect(of('http://127.0.0.1:8080')).toEqual({ kind: 'http', url: 'http://127.0.0.1:8080' })
    expect(of('http://store/a', { STRATES_STORE_HTTP: 'anywhere' })).toEqual({ kind: 'http', url: 'http://store/a' })
    expect(of('s3://bucket/a/b', { ...key, AWS_REGION: 'eu-west-3' })).toEqual({
      kind: 's3',
      url: 'https://bucket.s3.eu-west-3.amazonaws.com/a/b',
      region: 'eu-west-3',
      ...signed,
    })
    expect(of('s3://bucket/', { ...key, STRATES_S3_ENDPOINT: 'https://s3.example.org/' })).toEqual({
      kind: 's3',
      url: 'https://s3.example.org/bucket',
      region: 'us-east-1',
      ...signed,
    })
    expect(readEnvironment({ AWS_REGION: 'of somebody else!' }).snapshots).toBeUndefined()
  })

  it.each([
    'postgres://user:password@127.0.0.1:5432/strates',
    'postgresql:///strates?host=/run/postgresql',
    'postgres://db.example.org/strates?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres://db.example.org/strates?sslmode=require&channel_binding=require',
    'postgres://postgres:5432/strates?sslmode=disable',
  ])('finds a database at %s', (url) => {
    expect(readEnvironment({ DATABASE_URL: url }).snapshots).toEqual({ kind: 'postgres', url })
  })

  it.each([
    ['of another machine without a word of TLS', 'postgres://u:hunter2@db/strates', 'sslmode=verify-full behind'],
    ['with its host behind it', 'postgres:///strates?host=db&password=hunter2', 'sslmode=verify-full behind'],
    ['that may end without TLS', 'postgres://u:hunter2@db/strates?sslmode=prefer', 'sslmode is one of'],
    ['that says TLS twice', 'postgres://u@db/strates?sslmode=disable&ssl=1&password=hunter2', 'sslmode is one of'],
    ['without a database', 'postgres://u:hunter2@127.0.0.1', 'an address such as postgres://'],
    ['of something else', 'mysql://u:hunter2@127.0.0.1/strates', 'an address such as postgres://'],
  ])('refuses the address of a database %s, and shows no password', (_, url, expected) => {
    expect(() => readEnvironment({ DATABASE_URL: url })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringMatching(new RegExp(`variable DATABASE_URL (?!.*hunter2).*${expected}`)),
      }),
    )
  })

  it('refuses two places at once for the store', () => {
    const both = { DATABASE_URL: 'postgres://127.0.0.1/strates', STRATES_STORE_URL: 'file:///srv/strates' }
    expect(() => readEnvironment(both)).toThrow('DATABASE_URL or STRATES_STORE_URL: a store is published in one place')
  })

  it.each([
    ['STRATES_STORE_URL', { STRATES_STORE_URL: 'http://store/a' }, 'STRATES_STORE_HTTP=anywhere'],
    ['STRATES_STORE_URL', { STRATES_STORE_URL: 'https://user:hunter2@store/a' }, 'without query, fragment or password'],
    ['STRATES_STORE_URL', { STRATES_STORE_URL: 'https://store/a?token=hunter2' }, 'without query'],
    ['STRATES_STORE_URL', { STRATES_STORE_URL: 's3://bucket/../a' }, 's3://bucket/prefix'],
    ['AWS_ACCESS_KEY_ID', { STRATES_STORE_URL: 's3://bucket' }, 'which s3:// needs'],
    [
      'AWS_SECRET_ACCESS_KEY',
      { STRATES_STORE_URL: 's3://bucket', AWS_ACCESS_KEY_ID: 'hunter2' },
      'the secret of the key',
    ],
    [
      'STRATES_S3_ENDPOINT',
      {
        STRATES_STORE_URL: 's3://bucket',
        STRATES_S3_ENDPOINT: 'http://store',
        AWS_ACCESS_KEY_ID: 'hunter2',
        AWS_SECRET_ACCESS_KEY: 'hunter2',
      },
      'STRATES_STORE_HTTP=anywhere',
    ],
  ])('names %s where %o is not enough, and shows no secret', (name, given, expected) => {
    expect(() => readEnvironment(given)).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringMatching(new RegExp(`variable ${name} (?!.*hunter2).*${expected.replace(/\?/g, '')}`)),
      }),
    )
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
    ['DATABASE_URL', 'postgres://strates:hun/ter2@example.org/strates'],
    ['DATABASE_URL', 'postgres:///strates?host=/run/postgresql&password=hunter2&sslmode=prefer'],
    ['DATABASE_URL', 'host=example.org user=strates password=hunter2 dbname=strates'],
    ['DATABASE_URL', 'strates:hunter2@example.org/strates'],
    ['DATABASE_URL', 'postgres//strates:hunter2@example.org/strates'],
  ])('shows nothing secret of %s in an error', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hun|ter2/) }),
    )
  })
})
