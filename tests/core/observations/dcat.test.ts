import { describe, expect, it } from 'vitest'
import { catalogOf, type CatalogueEntry } from '../../../core/observations/dcat.ts'

const ENTRY: CatalogueEntry = {
  id: 'ecoles',
  title: "Effectifs d'élèves",
  description: 'Pupils of each école.',
  owner: { name: 'Communes', producer: 'DEPP', publisher: "Ministère de l'Éducation nationale" },
  licence: {
    id: 'etalab-2.0',
    title: 'Licence Ouverte 2.0',
    url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
  },
  attribution: 'MEN',
  sourceUrl: 'https://data.education.gouv.fr/explore/dataset/ecoles/',
  updateFrequency: 'ANNUAL',
  periods: [2019, 2020, 2021],
  lastUpdate: '2026-01-02T03:04:05.000Z',
  version: '1.2.0+ab12cd34',
  simulated: false,
}
const datasetOf = (entry: CatalogueEntry) =>
  (catalogOf([entry], 'https://strates.example')['dcat:dataset'] as readonly Record<string, unknown>[])[0]!

describe('the catalogue as DCAT-AP', () => {
  it('has what DCAT-AP asks of a catalogue', () => {
    expect(catalogOf([ENTRY], 'https://strates.example')).toMatchObject({
      '@context': { dcat: 'http://www.w3.org/ns/dcat#', dct: 'http://purl.org/dc/terms/' },
      '@id': 'https://strates.example/v1/catalog.jsonld',
      '@type': 'dcat:Catalog',
      'dct:title': { '@language': 'fr' },
      'dct:description': { '@language': 'en' },
      'dct:publisher': { '@type': 'foaf:Agent' },
      'dcat:service': { 'dcat:endpointURL': { '@id': 'https://strates.example/graphql' } },
    })
  })

  it('has title, description, publisher, licence, frequency, extent in space and time, and a distribution for each dataset', () => {
    expect(datasetOf(ENTRY)).toMatchObject({
      '@id': 'https://strates.example/v1/catalog.jsonld#ecoles',
      '@type': 'dcat:Dataset',
      'dct:title': { '@value': "Effectifs d'élèves", '@language': 'fr' },
      'dct:publisher': { 'foaf:name': "Ministère de l'Éducation nationale" },
      'dct:license': { '@id': 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/' },
      'dct:accrualPeriodicity': { '@id': 'http://publications.europa.eu/resource/authority/frequency/ANNUAL' },
      'dct:spatial': { '@id': 'http://publications.europa.eu/resource/authority/country/FRA' },
      'dct:temporal': {
        'dcat:startDate': { '@value': '2019-01-01', '@type': 'xsd:date' },
        'dcat:endDate': { '@value': '2021-12-31', '@type': 'xsd:date' },
      },
      'dct:modified': { '@value': '2026-01-02T03:04:05.000Z', '@type': 'xsd:dateTime' },
      'dcat:version': '1.2.0+ab12cd34',
      'dcat:distribution': [
        { '@type': 'dcat:Distribution', 'dcat:accessURL': { '@id': 'https://strates.example/graphql' } },
      ],
    })
  })

  it('offers the files of a dataset, each with its address, type and size, and no file of another', () => {
    const files = [
      { name: 'ecoles-commune.csv', mediaType: 'text/csv; charset=utf-8', bytes: 1234, dataset: 'ecoles' },
      { name: 'ecoles-commune.ndjson', mediaType: 'application/x-ndjson', bytes: 5678, dataset: 'ecoles' },
      { name: 'colleges-commune.csv', mediaType: 'text/csv', dataset: 'colleges' },
      { name: 'correspondence-2019-2026.csv', mediaType: 'text/csv' },
    ].map((file) => ({ ...file, title: 'Effectifs', schema: 'ecoles-commune.schema.json' }))
    const [dataset] = catalogOf([ENTRY], 'https://strates.example', files)['dcat:dataset'] as [Record<string, unknown>]
    const [, csv, ndjson, ...others] = dataset['dcat:distribution'] as readonly Record<string, unknown>[]
    expect(csv).toMatchObject({
      '@type': 'dcat:Distribution',
      'dcat:downloadURL': { '@id': 'https://strates.example/v1/feeds/ecoles-commune.csv' },
      'dcat:mediaType': { '@id': 'http://www.iana.org/assignments/media-types/text/csv' },
      'dcat:byteSize': { '@value': '1234', '@type': 'xsd:nonNegativeInteger' },
      'dct:conformsTo': { '@id': 'https://strates.example/v1/feeds/ecoles-commune.schema.json' },
      'dct:license': { '@id': 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/' },
    })
    expect(ndjson).toMatchObject({ 'dct:title': { '@value': 'Effectifs (NDJSON)' } })
    expect(others).toEqual([])
  })

  it('leaves out what a dataset without file has not', () => {
    const bare = datasetOf({ ...ENTRY, periods: [], lastUpdate: null, updateFrequency: 'SOMETIMES' })
    for (const name of ['dct:temporal', 'dct:modified', 'dct:accrualPeriodicity'])
      expect(bare).not.toHaveProperty([name])
  })

  it('says of invented figures that they are', () => {
    expect(datasetOf({ ...ENTRY, simulated: true })['dct:description']).toMatchObject({
      '@value': expect.stringMatching(/^Simulated, not official/),
    })
  })
})
