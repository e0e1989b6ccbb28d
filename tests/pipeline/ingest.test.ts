import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderReport } from '../../pipeline/report.ts'
import type { EmbeddedCog } from '../../pipeline/sources/cog.ts'
import { currentVersion } from '../../core/store/current.ts'
import { csvOf } from './csv.ts'
import { ecole } from './ecole.ts'
import { type Ingested, ingestFolder } from './ingestFolder.ts'
import { smallCog } from './smallCog.ts'

const cog = smallCog('22', '35', '85', '988')

/** One row of the directory, as of June 2023. */
const listed = (uai: string, code: string, nom: string, facts: Readonly<Record<string, string>> = {}) => ({
  identifiant_de_l_etablissement: uai,
  nom_etablissement: `École ${uai}`,
  type_etablissement: 'Ecole',
  statut_public_prive: 'Public',
  code_commune: code,
  nom_commune: nom,
  nombre_d_eleves: '',
  type_contrat_prive: 'SANS OBJET',
  libelle_departement: 'Ille-et-Vilaine',
  date_ouverture: '2000-09-01',
  date_maj_ligne: '2023-06-01',
  longitude: '',
  latitude: '',
  ...facts,
})

// Six invented écoles: two in Rennes, one in Bruz, one in Dinard, one in Saint-Malo, one in no commune that exists.
const SIX = [
  ecole({ uai: '0359001A', pupils: 100, commune: 'RENNES' }),
  ecole({ uai: '0359002B', pupils: 50, commune: 'RENNES' }),
  ecole({ uai: '0359003C', pupils: 30, commune: 'BRUZ' }),
  ecole({ uai: '0359004D', pupils: 20, commune: 'DINARD' }),
  ecole({ uai: '0359005E', pupils: 0, commune: 'SAINT-MALO' }),
  ecole({ uai: '0359006F', pupils: 7, commune: 'VILLE IMAGINAIRE' }),
]
const DIRECTORY = [
  listed('0359001A', '35238', 'Rennes', { nombre_d_eleves: '98' }),
  listed('0359003C', '35238', 'Rennes'),
  listed('0359004D', '35093', 'Dinard'),
  listed('0359007G', '35047', 'Bruz'),
  listed('0359008H', '35047', 'Bruz', { statut_public_prive: 'Privé', type_contrat_prive: 'HORS CONTRAT' }),
  listed('0359009J', '35047', 'Bruz', { date_ouverture: '2022-11-01' }),
]

describe('ingesting a folder', () => {
  let folder: string
  let ingested: Ingested | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-folder-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
    await ingested?.remove()
    ingested = undefined
  })

  const put = (name: string, rows: readonly Readonly<Record<string, string>>[]) =>
    writeFile(join(folder, name), csvOf(rows))
  const putEcoles = (rows: readonly Readonly<Record<string, string>>[]) =>
    put('fr-en-ecoles-effectifs-nb_classes.csv', rows)
  const putDirectory = (rows: readonly Readonly<Record<string, string>>[]) => put('fr-en-annuaire-education.csv', rows)
  async function ingestHere(options: { readonly data?: string; readonly cog?: EmbeddedCog } = {}): Promise<Ingested> {
    ingested = await ingestFolder(folder, {
      cog,
      only: ({ descriptor }) => descriptor.id !== 'population-municipale',
      ...options,
    })
    return ingested
  }
  const primary = (id: string, year = 2022, geography?: number) =>
    ingested!.observe('pupils-primary', year, id, geography)

  it('adds six écoles up, one of them known only in its département', async () => {
    await putEcoles(SIX)
    const { report } = await ingestHere()
    expect(report.datasets).toMatchObject([
      {
        dataset: 'fr-en-ecoles-effectifs-nb_classes',
        rows: 6,
        repeated: 0,
        located: { LABEL: 5, DEPARTEMENT: 1 },
        refused: [],
      },
    ])
    expect(report.checks.every(({ passed }) => passed)).toBe(true)
    expect(primary('commune:35238')).toMatchObject({
      value: 150,
      status: 'NORMAL',
      coverage: { expected: 2, reported: 2 },
    })
    expect(primary('commune:35047')).toMatchObject({ value: 30, status: 'NORMAL' })
    expect(primary('commune:35288')).toMatchObject({
      value: 0,
      status: 'NORMAL',
      coverage: { expected: 1, reported: 1 },
    })
    expect(primary('commune:35066')).toMatchObject({
      value: 0,
      status: 'PARTIAL',
      coverage: { expected: 0, notLocated: 1 },
    })
    expect(primary('epci:243500139')).toMatchObject({ value: 180, status: 'NORMAL', coverage: { expected: 3 } })
    expect(primary('departement:35')).toMatchObject({
      value: 207,
      status: 'NORMAL',
      coverage: { expected: 6, reported: 6, missing: 0, notLocated: 1, notLocatedValue: 7 },
    })
  })

  it('counts what no file covers as missing, in the région and the nation', async () => {
    await putEcoles(SIX)
    const { store } = await ingestHere()
    const absent = store.atlas.current.communesOf(store.atlas.current.byId('departement:22')!).length
    expect(primary('region:53')).toMatchObject({
      value: 207,
      status: 'PARTIAL',
      coverage: { expected: 6 + absent, reported: 6, missing: absent },
    })
    expect(primary('commune:22016')).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
    expect(primary('departement:988')).toMatchObject({ value: null, status: 'OUT_OF_SCOPE' })
    expect(primary('nation:FR').notes.join()).toMatch(/No file at hand covers Côtes-d'Armor \(22\), Vendée \(85\)\./)
  })

  it('reads places and expected écoles from the directory: who is open, under contract and has no row is missing', async () => {
    await putEcoles(SIX.slice(0, 5))
    await putDirectory(DIRECTORY)
    const { report } = await ingestHere()
    const [ecoles] = report.datasets
    expect(ecoles).toMatchObject({ located: { UAI: 2, LABEL: 2, LABEL_AGAINST_UAI: 1 } })
    expect(ecoles?.conflicts).toEqual(['0359003C (2022): the directory says Rennes (35238), the row says BRUZ (35047)'])
    expect(primary('commune:35047')).toMatchObject({
      value: 30,
      status: 'PARTIAL',
      coverage: { expected: 2, reported: 1, missing: 1 },
    })
    expect(primary('departement:35')).toMatchObject({
      value: 200,
      status: 'PARTIAL',
      coverage: { expected: 6, reported: 5, missing: 1 },
    })
  })

  it('gives the counts of the directory their own rentrée, and absent ones are missing, not 0', async () => {
    await putDirectory(DIRECTORY)
    await ingestHere()
    expect(primary('commune:35238', 2021)).toMatchObject({
      value: 98,
      status: 'PARTIAL',
      coverage: { expected: 2, reported: 1 },
    })
    expect(primary('commune:35047', 2021)).toMatchObject({
      value: null,
      status: 'NOT_PUBLISHED',
      coverage: { expected: 2, reported: 0 },
    })
    expect(primary('commune:35047', 2021).notes.join()).toMatch(/Not counted: 1 school of the directory .*hors contrat/)
  })

  it('leaves the counts of an unknown edition of the directory out, and says where to declare it', async () => {
    await putEcoles(SIX)
    await putDirectory(DIRECTORY.map((row) => ({ ...row, date_maj_ligne: '2031-06-01' })))
    const { report } = await ingestHere()
    expect(report.warnings).toEqual([
      expect.stringMatching(/declares no such edition.*"editions" in subgraphs\/national\/datasets/),
    ])
    expect(ingested!.store.reader('commune').periodsOf('pupils-primary')).toEqual([2022])
    expect(report.datasets[0]?.located.UAI).toBe(2)
  })

  it('shares out, by population, the pupils of an école whose commune was divided since, and says so', async () => {
    const inVendee = (uai: string, pupils: number, commune: string, code: string) => ({
      ...ecole({ uai, pupils, commune, departement: 'VENDEE' }),
      'Code commune': code,
    })
    await putEcoles([
      inVendee('0859001A', 40, 'ESSARTS EN BOCAGE', '85084'),
      inVendee('0859002B', 10, 'LA ROCHE SUR YON', '85191'),
    ])
    await ingestHere()
    const complete = { status: 'NORMAL', coverage: { expected: 2, reported: 2 } }
    expect(primary('departement:85')).toMatchObject({ ...complete, value: 50, estimatedShare: 0 })
    expect(primary('commune:85191')).toMatchObject({ value: 10, status: 'NORMAL', method: 'CONSOLIDATED' })
    const heirs = ['85084', '85165', '85212'].map((code) => primary(`commune:${code}`))
    for (const heir of heirs) {
      expect(heir).toMatchObject({
        status: 'NORMAL',
        method: 'CONVERTED',
        estimatedShare: 1,
        coverage: { expected: 1 },
      })
      expect(heir.notes.join()).toMatch(/pupils are estimated: the part here, by population, of ECOLE DES TILLEULS,/)
    }
    const values = heirs.map(({ value }) => value ?? -1)
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(40)
    expect(values.every((value) => Number.isInteger(value) && value > 0)).toBe(true)
    expect(values[0]).toBe(Math.max(...values))
    // On the geography of the rentrée the commune is whole: nothing is estimated there.
    expect(primary('commune:85084', 2022, 2023)).toMatchObject({ value: 40, method: 'CONSOLIDATED', estimatedShare: 0 })
  })

  it('gives the same version and bytes for the same folder, and keeps the version before a change', async () => {
    await putEcoles(SIX)
    const { report, data } = await ingestHere()
    const bytes = async () => {
      const version = join(data, 'versions', report.dataVersion)
      // The report tells of this ingest, which was held against the version before; it is no part of the content.
      const names = (await readdir(version)).filter((name) => name !== 'report.json').toSorted()
      return Promise.all(names.map(async (name) => [name, await readFile(join(version, name), 'base64')]))
    }
    const before = await bytes()
    expect((await ingestHere({ data })).report.dataVersion).toBe(report.dataVersion)
    expect(await bytes()).toEqual(before)
    await putEcoles(SIX.slice(0, 5))
    const changed = await ingestHere({ data })
    expect(changed.report.dataVersion).not.toBe(report.dataVersion)
    expect((await readdir(join(data, 'versions'))).toSorted()).toEqual(
      [report.dataVersion, changed.report.dataVersion].toSorted(),
    )
    expect(primary('departement:35').value).toBe(200)
  })

  it('leaves the old version serving when the new file breaks its contract', async () => {
    await putEcoles(SIX)
    const { data, report } = await ingestHere()
    await putEcoles([ecole({ uai: '0359001A', pupils: 'ND', commune: 'RENNES' })])
    await expect(ingestHere({ data })).rejects.toMatchObject({ code: 'CONTRACT_BROKEN' })
    expect(await currentVersion(data)).toBe(report.dataVersion)
  })

  it('publishes nothing when too many rows find no commune', async () => {
    await putEcoles(SIX.map((row, index) => (index < 3 ? { ...row, Commune: 'VILLE IMAGINAIRE' } : row)))
    const data = await mkdtemp(join(tmpdir(), 'strates-store-'))
    await expect(ingestHere({ data })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringMatching(/rows located in a commune, fr-en-ecoles-effectifs-nb_classes: 2 of 6/),
    })
    expect(await currentVersion(data)).toBeUndefined()
    await rm(data, { recursive: true })
  })

  it('reports rows, methods, totals and checks in lines for a person', async () => {
    await putEcoles(SIX)
    const lines = renderReport((await ingestHere()).report)
    expect(lines).toContain('fr-en-ecoles-effectifs-nb_classes: 6 rows (5 by label, 1 only in a département)')
    expect(lines).toContain('nation:FR pupils-primary 2022: 207 PARTIAL (fr-en-ecoles-effectifs-nb_classes)')
    expect(lines).toContainEqual(expect.stringMatching(/^checks: 4 passed, 0 failed$/))
  })

  it('names licence, owner, file and retrieval on every value', async () => {
    await putEcoles(SIX)
    const { store } = await ingestHere()
    const { provenance } = primary('departement:35')
    expect(provenance).toMatchObject({
      datasetId: 'fr-en-ecoles-effectifs-nb_classes',
      licence: { id: 'etalab-2.0' },
      owner: { id: 'commune', legalBasis: "Code de l'éducation, article L212-4" },
      retrievedAt: '2026-01-02T03:04:05.000Z',
      geographyVintage: 2026,
    })
    const [file] = store.manifest.datasets.find(({ id }) => id === provenance.datasetId)!.snapshots
    expect(provenance.snapshot).toBe(file?.sha256)
    expect(store.manifest.datasets.find(({ id }) => id.startsWith('fr-en-college'))).toMatchObject({
      snapshots: [],
      periods: [],
    })
    expect(store.reader('departement').versionOf('fr-en-college-effectifs-niveau-sexe-lv')).toBe('none')
  })
})
