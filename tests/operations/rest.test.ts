/** The operations as routes, over the fixture store: what a client of `/v1/` sees. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { check as checkGeoJson } from '@placemarkio/check-geojson'
import { parse as parseCsv } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOperations } from '../../gateway/doors/operations/operation.ts'
import { frozen } from '../../gateway/doors/operations/freeze.ts'
import { tableReader } from '../../gateway/doors/operations/rows.ts'
import { startFederation, type Federation } from '../federation/federation.ts'

const OPERATIONS = readOperations()

let federation: Federation
beforeAll(async () => {
  federation = await startFederation({ tellsEdition: true })
})
afterAll(() => federation?.close())

interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body read as JSON. */
  json(): any
  /** The body read as CSV, an object a row. */
  csv(): readonly Readonly<Record<string, string>>[]
}

async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  const response = await federation.app.handle({ method: 'GET', url: `/v1/${path}`, headers })
  const text = Buffer.from(response.body as Uint8Array).toString()
  return {
    ...response,
    text,
    json: () => JSON.parse(text),
    csv: () => parseCsv(text, { columns: true, skip_empty_lines: true }),
  }
}

describe('an operation as a route', () => {
  it.each(OPERATIONS)('$name answers JSON, the same bytes of data as GraphQL does', async ({ name, text }) => {
    const { status, headers, json } = await get(name)
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(json().data).toEqual((await federation.ask(text)).data)
  })

  it('takes the variables of the operation as parameters', async () => {
    const { json } = await get('territory?id=departement:35&schoolYear=2021')
    expect(json().data.territory).toMatchObject({ id: 'departement:35', schoolEnrolment: { schoolYear: 2021 } })
  })

  it('takes what a form leaves empty as not given', async () => {
    expect((await get('territory?id=departement:35&schoolYear=')).status).toBe(200)
  })

  it('sends away with 503 who asks for a table while more wait than may, and says when to come back', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => get('schools.parquet?first=7')))
    const refused = all.filter(({ status }) => status !== 200)
    expect(refused).toHaveLength(30 - 1 - 20)
    for (const { status, headers, json } of refused) {
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '2', 'no-store'])
      expect(json()).toMatchObject({ code: 'TOO_BUSY', on: '/v1/schools', expected: expect.any(String), limit: 20 })
    }
    expect((await get('schools.parquet?first=7')).status).toBe(200)
  })

  it('is a persisted operation: named by its hash, it needs no text', async () => {
    const { hash } = OPERATIONS.find(({ name }) => name === 'territory')!
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } })
    const response = await federation.app.handle({
      method: 'GET',
      url: `/graphql?${new URLSearchParams({ extensions })}`,
      headers: {},
    })
    expect(JSON.parse(String(response.body)).data.territory.name).toBe('Rennes')
  })

  it('answers 304 to one who has the answer, as JSON and as a table', async () => {
    for (const path of ['territory', 'territory.csv']) {
      const { headers } = await get(path)
      expect(headers['etag']).toMatch(/^"[\w-]+"$/)
      const again = await get(path, { 'if-none-match': headers['etag']! })
      expect([again.status, again.text]).toEqual([304, ''])
    }
    expect((await get('territory')).headers['etag']).not.toBe((await get('territory.csv')).headers['etag'])
  })

  it('may be kept by caches, like an answer by GET', async () => {
    expect((await get('territory.csv')).headers).toMatchObject({
      'cache-control': 'public, max-age=60',
      vary: 'accept',
      'access-control-allow-origin': '*',
    })
  })
})

describe('the format', () => {
  it.each([
    ['text/csv', 'text/csv; charset=utf-8; header=present'],
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['', 'application/json; charset=utf-8'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json; charset=utf-8'],
    ['application/json;q=0.2, application/x-ndjson', 'application/x-ndjson'],
  ])('is the one that Accept prefers: %s gives %s', async (accept, type) => {
    expect((await get('territory', { accept })).headers['content-type']).toBe(type)
  })

  it('is that of the extension, whatever Accept says', async () => {
    const { headers, csv } = await get('population-series.csv', { accept: 'application/json' })
    expect(headers['content-type']).toContain('text/csv')
    expect(csv()[0]).toMatchObject({ territory_code: '35238', status: 'NORMAL', owner_name: 'État' })
  })

  it('has its options: what Excel opens in French', async () => {
    const { text } = await get('enrolment-series.csv?dialect=excel-fr')
    expect(text.charCodeAt(0)).toBe(0xfeff)
    expect(text.split('\r\n')[0]).toContain(';')
  })

  it('is GeoJSON where rows have a position, nowhere else', async () => {
    const { status, text } = await get('schools-near.geojson?lat=48.1&lon=-1.68&radiusKm=50')
    expect(status).toBe(200)
    const { features } = checkGeoJson(text) as { features: { geometry: unknown; properties: object }[] }
    expect(features.length).toBeGreaterThan(2)
    expect((await get('territory.geojson')).json()).toMatchObject({ status: 404, code: 'UNSUPPORTED_FORMAT' })
  })

  it('is JSON-stat where rows are figures of places and years', async () => {
    const { json } = await get('enrolment-series.jsonstat')
    expect(json()).toMatchObject({ version: '2.0', class: 'dataset' })
    expect(json().role).toMatchObject({ geo: [expect.any(String)], time: [expect.any(String)] })
  })
})

describe('a table', () => {
  it.each(OPERATIONS.filter(({ rows }) => rows.length > 0))(
    'of $name has the columns that its schema tells, each with a sense',
    async ({ name }) => {
      const schema = (await get(`${name}.schema.json`)).json()
      const [head = ''] = (await get(`${name}.csv`)).text.split('\r\n')
      const columns = schema.fields.map((field: { name: string }) => field.name)
      expect(parseCsv(head)[0]).toEqual(columns)
      expect(schema.version).toMatch(/^\d+\.\d+$/)
      expect(schema.fields.filter((field: { description: string }) => field.description === '')).toEqual([])
    },
  )

  it('puts a figure, its status, coverage and source side by side', async () => {
    const rows = (await get('enrolment-by-tier.csv')).csv()
    expect(rows.map(({ tier }) => tier)).toEqual(['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION'])
    const { data } = (await get('enrolment-by-tier')).json()
    for (const [index, tier] of ['commune', 'epci', 'departement', 'region', 'nation'].entries()) {
      const { primary } = data[tier].schoolEnrolment
      expect(rows[index]).toMatchObject({
        school_enrolment_primary_value: primary.value === null ? '' : `${primary.value}`,
        school_enrolment_primary_status: primary.status,
        school_enrolment_primary_expected: `${primary.coverage?.expected ?? ''}`,
        school_enrolment_primary_dataset_id: primary.provenance.datasetId,
        school_enrolment_primary_attribution: primary.provenance.attribution,
      })
    }
  })

  it('says in its headers of which data it is, how many rows, and under which licence', async () => {
    const { headers, csv } = await get('schools.csv')
    expect(headers).toMatchObject({
      'strates-rows': `${csv().length}`,
      'strates-data-version': csv()[0]!['data_version'],
      'content-disposition': 'inline; filename="schools.csv"',
    })
    expect(headers['link']).toMatch(/<\/v1\/schools\.schema\.json>; rel="describedby".*rel="license"/)
    expect(headers['link']).not.toContain('rel="next"')
  })

  it('has all pages, unless one is asked for: then it says which part it is, and where it goes on', async () => {
    const all = (await get('schools.csv?id=departement:35')).csv()
    const first = await get('schools.csv?id=departement:35&first=2')
    expect(first.headers['strates-rows']).toBe(`2 of ${all.length}`)
    expect(first.headers['content-disposition']).toContain(`schools-part-2-of-${all.length}.csv`)
    const collected: string[] = []
    let next: string | undefined = 'schools.csv?id=departement:35&first=2'
    while (next !== undefined) {
      const page: Got = await get(next)
      collected.push(...page.csv().map(({ uai }) => uai!))
      // The last page is a part too.
      expect(page.headers['strates-rows']).toMatch(new RegExp(`^\\d of ${all.length}$`))
      next = /<\/v1\/([^>]+)>; rel="next"/.exec(page.headers['link']!)?.[1]
    }
    expect(collected).toEqual(all.map(({ uai }) => uai))
  })

  it('of questions whose pages are too dear at their largest may be kept as well', async () => {
    expect((await get('members.csv')).headers['etag']).toBeDefined()
    expect((await get('members.csv')).headers['cache-control']).toBe('public, max-age=60')
  })

  it('has one tag whatever the order of its parameters, and those that are left empty', async () => {
    const [one, other] = await Promise.all(
      ['schools.csv?id=region:53&kind=ECOLE', 'schools.csv?kind=ECOLE&id=region:53&first='].map((path) => get(path)),
    )
    expect(one!.headers['etag']).toBe(other!.headers['etag'])
  })

  it('links to the next page of JSON too', async () => {
    const { headers, json } = await get('schools?id=departement:35&first=2')
    const { endCursor } = json().data.territory.schools.pageInfo
    expect(headers['link']).toContain(`</v1/schools?id=departement%3A35&first=2&after=${endCursor}>; rel="next"`)
  })

  it('is paid for like GraphQL: what it says of the rate limit goes down', async () => {
    const ask = async (path: string) => {
      const request = { method: 'GET', url: path, headers: {}, remoteAddress: '192.0.2.7' }
      return Number(/r=(\d+)/.exec((await federation.app.handle(request)).headers['ratelimit'] ?? '')?.[1])
    }
    const before = await ask('/v1/limits')
    expect(before - (await ask('/v1/enrolment-by-tier.csv?schoolYear=2021'))).toBeGreaterThan(50)
  })
})

describe('what cannot be answered', () => {
  it.each([
    ['territori', 404, 'UNKNOWN_OPERATION', /There are: .*territory/],
    ['territory.pdf', 404, 'UNSUPPORTED_FORMAT', /one of json, csv/],
    ['territory-in-time.csv', 404, 'UNSUPPORTED_FORMAT', /territory-in-time\.json/],
    ['territory?idd=commune:35238', 400, 'INVALID_OPTION', /any of id, schoolYear/],
    ['territory?id=commune:35238&id=commune:35239', 400, 'INVALID_OPTION', /one value/],
    ['territory?id=commune:99999', 404, 'UNKNOWN_TERRITORY', /Expected/],
    ['territory?id=Rennes', 400, 'INVALID_CODE', /Expected/],
    ['territory?schoolYear=next', 400, 'INVALID_OPTION', /a whole number/],
    ['territory?schoolYear=1789', 400, 'INVALID_YEAR', /a year from/],
    ['schools?kind=Lycée', 400, 'INVALID_OPTION', /one of ECOLE, COLLEGE/],
    ['schools-near?lat=north', 400, 'INVALID_OPTION', /a number/],
    ['schools-near?lat=100', 400, 'INVALID_POSITION', /Expected/],
    ['territory.csv?delimiter=x', 400, 'INVALID_OPTION', /one of/],
    ['territory.csv?decimal=,', 400, 'INVALID_OPTION', /delimiter/],
    ['territory.ndjson?bom=true', 400, 'INVALID_OPTION', /means nothing/],
    ['territory?dialect=excel-fr', 400, 'INVALID_OPTION', /no such parameter/],
    ['schools.csv?first=5000', 400, 'INVALID_PAGE', /Expected/],
    ['schools.csv?after=nowhere', 400, 'INVALID_PAGE', /Expected/],
    ['schools.csv?first=0', 400, 'INVALID_OPTION', /at least 1/],
    ['schools?first=9999999999', 400, 'INVALID_OPTION', /32-bit/],
    ['members?where={"nope":1}', 400, 'INVALID_OPTION', /nope/],
    ['territory.csv?bom=true&bom=false', 400, 'INVALID_OPTION', /more than once/],
    ['ranking.geojson', 404, 'UNSUPPORTED_FORMAT', /CSV, NDJSON or Parquet/],
  ])('%s is a problem of %i %s that says what to do', async (path, status, code, detail) => {
    const answered = await get(path)
    expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect([answered.status, answered.json().code]).toEqual([status, code])
    expect(answered.json().detail).toMatch(detail)
  })

  it('is 406 where no format is accepted', async () => {
    const answered = await get('territory', { accept: 'image/png' })
    expect([answered.status, answered.json().code]).toEqual([406, 'NOT_ACCEPTABLE'])
  })

  it('is 405 for another method, naming those that there are', async () => {
    const { status, headers } = await federation.app.handle({ method: 'DELETE', url: '/v1/territory', headers: {} })
    expect([status, headers['allow']]).toEqual([405, 'GET, OPTIONS'])
  })
})

describe('the list', () => {
  it('names every operation, with its question and where its columns are told', async () => {
    const { operations } = (await get('')).json()
    expect(operations.map(({ name }: { name: string }) => name)).toEqual(OPERATIONS.map(({ name }) => name))
    expect(operations.every(({ question }: { question: string }) => question.length > 20)).toBe(true)
  })

  it.each(['fr', 'en'])('is a page in %s for a browser, with a form for each', async (language) => {
    const { headers, text } = await get(`?lang=${language}`, { accept: 'text/html' })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(text).toContain(`<html lang="${language}">`)
    for (const { name } of OPERATIONS) {
      expect(text).toContain(`action="/v1/${name}"`)
      expect(text).toContain(`"/graphiql?operation=${name}"`)
    }
  })

  it('answers what each form sends as it stands', async () => {
    const { text } = await get('?lang=en', { accept: 'text/html' })
    const forms = [...text.matchAll(/<form action="\/v1\/([\w-]+)"[^]*?<\/form>/g)]
    expect(forms).toHaveLength(OPERATIONS.length)
    for (const [form, name = ''] of forms) {
      const inputs = [...form.matchAll(/<input [^>]*?name="(\w+)" value="([^"]*)"/g)].map(
        ([, field = '', value = '']) => [field, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&')],
      )
      const selects = [...form.matchAll(/<select [^>]*?name="(\w+)"[^>]*>([^]*?)<\/select>/g)].map(
        ([, field = '', options = '']) => [
          field,
          /<option selected>([^<]*)/.exec(options)?.[1] ?? /<option>([^<]*)/.exec(options)?.[1] ?? '',
        ],
      )
      const sent = new URLSearchParams(Object.fromEntries([...inputs, ...selects]) as Record<string, string>)
      const { status, text: answer } = await get(`${name}?${sent}`)
      expect([name, status, status === 200 ? '' : answer]).toEqual([name, 200, ''])
    }
  })

  it('is OpenAPI 3.1 without an error, every route with its parameters', async () => {
    const description = (await get('openapi.json', { host: 'strates.example' })).json()
    expect(await new Validator().validate(description)).toMatchObject({ valid: true })
    expect(description.openapi).toMatch(/^3\.1/)
    for (const operation of OPERATIONS) {
      const { parameters } = description.paths[`/v1/${operation.name}`].get
      const variables = operation.definition.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
      expect(parameters.map(({ name }: { name: string }) => name)).toEqual(variables)
      expect(parameters.filter((one: { description?: string }) => !one.description)).toEqual([])
      const { content } = description.paths[`/v1/${operation.name}`].get.responses[200]
      expect(content['application/json'].schema.properties.data.properties).toBeDefined()
    }
  })
})

describe('an operation of the folder', () => {
  it.each(OPERATIONS)('$name asks for pages as tables need it, where it has any', ({ definition, rows, text }) => {
    const names = definition.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
    if (!names.includes('after')) return
    expect(names).toContain('first')
    expect(rows).toHaveLength(1)
    expect(rows[0]?.at(-1)).toMatch(/^(nodes|edges)$/)
    expect(text).toMatch(/totalCount\s+pageInfo \{\s+hasNextPage\s+endCursor/)
  })

  it.each(OPERATIONS)('$name has defaults for all its variables: it is its own example', ({ definition }) => {
    const without = definition.variableDefinitions?.filter(
      ({ type, defaultValue }) => type.kind === 'NonNullType' && defaultValue === undefined,
    )
    expect(without).toEqual([])
  })

  it('shows a new field as the last column, wherever in the operation it stands', () => {
    const [operation] = OPERATIONS
    if (operation === undefined) throw new RangeError('there are no operations')
    const columns = tableReader(operation, federation.apiSchema)?.shape.columns ?? []
    const before = columns.map(({ name, type }) => `${name} ${type}`)
    const reader = tableReader(operation, federation.apiSchema, { version: '1.0', columns: before.toSpliced(1, 1) })
    expect(reader?.shape.columns).toEqual([...columns.toSpliced(1, 1), columns[1]])
    expect(frozen(reader!.shape, { version: '1.0', columns: before.toSpliced(1, 1) }).version).toBe('1.1')
  })

  it('has no column twice', () => {
    for (const operation of OPERATIONS) expect(() => tableReader(operation, federation.apiSchema)).not.toThrow()
  })
})
