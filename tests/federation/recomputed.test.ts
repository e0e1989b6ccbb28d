import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixtureStore } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'
import { embeddedCog } from '../core/territories/embedded.ts'

/** Where each school of the fixtures stands, by hand: see tests/fixtures/README.md. Thêta is in no commune. */
const PLACE: Readonly<Record<string, string>> = {
  '0359901A': '35238',
  '0359902B': '35238',
  '0359903C': '35093',
  '0359906F': '35360',
  '0359907G': '35069',
  '0359909J': '35236',
  '0359910K': '35238',
  '0229901A': '22016',
  '0229902B': '22094',
  '6209901A': '2A004',
  '0759901A': '75056',
  '0359920W': '35238',
  '0359921X': '35360',
  '6209920B': '2A004',
  '0359930Z': '35238',
  '0359931A': '35236',
}

/** The column of the file that each measure adds up. */
const COLUMN: Readonly<Record<string, RegExp>> = {
  'pupils-primary': /^Nombre total d'élèves$/,
  'classes-primary': /^Nombre total de classes$/,
  'pupils-lower-secondary': /^Nombre d'élèves total \(/,
  'pupils-upper-secondary-gt': /^nombre_d_eleves$/,
  'pupils-upper-secondary-pro': /^nombre_d_eleves$/,
}

const current = embeddedCog().vintages.at(-1)!
const communes = new Map(
  current.communes.filter(({ type }) => type === 'commune-actuelle').map((commune) => [commune.code, commune]),
)
const epciOf = new Map(current.epci.flatMap(({ code, membres }) => membres.map((membre) => [membre.code, code])))

/** Every territory that holds a commune, by id. */
const holdersOf = (code: string): readonly string[] => {
  const { departement, region } = communes.get(code)!
  const epci = epciOf.get(code)
  return [
    `commune:${code}`,
    ...(epci === undefined ? [] : [`epci:${epci}`]),
    `departement:${departement}`,
    `region:${region}`,
    'nation:FR',
  ]
}
const TERRITORIES = [...new Set(Object.values(PLACE).flatMap(holdersOf)), 'departement:35']

describe('200 values picked at random', () => {
  let federation: Federation
  let data: string
  beforeAll(async () => {
    federation = await startFederation()
    data = await fixtureStore()
  })
  afterAll(() => federation?.close())

  /** What a person does with the provenance: opens the untouched file that it names, and adds up its rows by hand. */
  function byHand(measure: string, year: string, territory: string, snapshot: string): number {
    if (measure === 'population-municipale') {
      const members = [...communes.values()].filter(({ code }) => holdersOf(code).includes(territory))
      return members.reduce((sum, { population }) => sum + (population ?? 0), 0)
    }
    const text = readFileSync(join(data, 'sources', `${snapshot}.csv`), 'utf8')
    const rows = parse(text, { bom: true, columns: true, delimiter: ';' }) as Record<string, string>[]
    const header = Object.keys(rows[0] ?? {})
    const column = header.find((name) => COLUMN[measure]?.test(name)) ?? ''
    const uai = header.find((name) => /^(Num|numero_)/.test(name)) ?? ''
    const period = header.find((name) => /^rentr[ée]e/i.test(name)) ?? ''
    const isIn = (row: Record<string, string>) => {
      const place = PLACE[row[uai] ?? '']
      return place === undefined
        ? ['departement:35', 'region:53', 'nation:FR'].includes(territory)
        : holdersOf(place).includes(territory)
    }
    return rows
      .filter((row) => row[period] === year && isIn(row))
      .reduce((sum, row) => sum + Number((row[column] ?? '0').replace(',', '.')), 0)
  }

  it('can be recomputed from what their provenance lists', async () => {
    const pick = fc.record({
      measure: fc.constantFrom(...Object.keys(COLUMN), 'population-municipale'),
      year: fc.constantFrom(2021, 2022, 2023),
      territory: fc.constantFrom(...TERRITORIES),
    })
    let recomputed = 0
    for (const { measure, year, territory } of fc.sample(pick, 900)) {
      if (recomputed === 200) break
      const wanted = measure === 'population-municipale' ? 2023 : year
      const { territory: place } = await federation.get(
        `{ territory(id: "${territory}") { observations(measures: ["${measure}"], from: ${wanted}, to: ${wanted}) { observation { value timePeriod provenance { datasetId snapshot } } } } }`,
      )
      const { value, timePeriod, provenance } = place.observations[0].observation
      if (value === null || provenance.datasetId === 'fr-en-annuaire-education') continue
      const title = `${measure} ${timePeriod} ${territory}`
      expect([title, byHand(measure, timePeriod, territory, provenance.snapshot)]).toEqual([title, value])
      recomputed += 1
    }
    expect(recomputed).toBe(200)
  })
})
