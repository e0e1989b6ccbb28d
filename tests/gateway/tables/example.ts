import type { Cell, Column, Table } from '../../../gateway/doors/tables/table.ts'
import { FORMATS } from '../../../gateway/doors/tables/formats/formats.ts'
import type { Format } from '../../../gateway/doors/tables/formats/format.ts'
import type { FormatOptions } from '../../../gateway/doors/tables/formats/options.ts'

const column = (name: string, rest: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  description: `The ${name} of the row.`,
  nullable: true,
  ...rest,
})

const STATUSES = ['NORMAL', 'PARTIAL', 'NOT_PUBLISHED', 'SUPPRESSED']

/** Two communes and two rentrées, two measures, with everything that a figure may lack. */
export const PUPILS: Table = {
  name: 'pupils-by-commune',
  title: 'A commune and a rentrée.',
  columns: [
    column('code', { nullable: false, role: { kind: 'place' } }),
    column('name', { nullable: false }),
    column('latitude', { type: 'number', role: { kind: 'latitude' } }),
    column('longitude', { type: 'number', role: { kind: 'longitude' } }),
    column('school_year', { type: 'integer', nullable: false, role: { kind: 'time' } }),
    column('primary', {
      type: 'integer',
      description: 'Élèves du premier degré',
      role: { kind: 'value', measure: 'primary' },
    }),
    column('primary_status', { values: STATUSES, nullable: false, role: { kind: 'status', measure: 'primary' } }),
    column('primary_unit', { nullable: false }),
    column('rate', { type: 'number', description: 'Taux de scolarisation', role: { kind: 'value', measure: 'rate' } }),
    column('rate_status', { values: STATUSES, nullable: false, role: { kind: 'status', measure: 'rate' } }),
    column('simulated', { type: 'boolean', nullable: false }),
    column('published', { type: 'date' }),
    column('retrieved_at', { type: 'datetime' }),
    column('note'),
  ],
  rows: [
    [
      '01001',
      "L'Abergement-Clémenciat",
      46.1517,
      4.9261,
      2022,
      71,
      'NORMAL',
      'pupils',
      0.5,
      'NORMAL',
      false,
      '2023-02-28',
      '2024-01-05T08:30:00Z',
      '',
    ],
    [
      '01001',
      "L'Abergement-Clémenciat",
      46.1517,
      4.9261,
      2023,
      null,
      'SUPPRESSED',
      'pupils',
      null,
      'NOT_PUBLISHED',
      false,
      null,
      null,
      null,
    ],
    [
      '2A004',
      'Ajaccio',
      null,
      null,
      2022,
      0,
      'PARTIAL',
      'pupils',
      -1.25,
      'NORMAL',
      true,
      '2023-02-28',
      '2024-01-05T08:30:00.250Z',
      '=1+1',
    ],
    [
      '2A004',
      'Ajaccio',
      null,
      null,
      2023,
      5210,
      'NORMAL',
      'pupils',
      1e21,
      'PARTIAL',
      true,
      '1899-12-31',
      null,
      'dit « le "Vieux" »;\r\nen français, 1,5 %',
    ],
  ],
  about: {
    dataVersion: '29072b734ff51582',
    attributions: ['Ministère chargé de l’éducation nationale, DEPP', 'INSEE, Code officiel géographique'],
    licences: [
      {
        id: 'etalab-2.0',
        title: 'Licence Ouverte 2.0',
        url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
      },
    ],
    geographies: [2024, 2026],
    simulated: true,
    warnings: ['The owner “région” did not answer.'],
    totalRows: 12,
  },
}

/** A table of some columns and rows, all else as in the example. */
export const tableOf = (
  columns: readonly (Partial<Column> & { readonly name: string })[],
  rows: readonly (readonly Cell[])[],
): Table => ({
  ...PUPILS,
  columns: columns.map(({ name, ...rest }) => column(name, rest)),
  rows,
})

/** The format of an extension. */
export function formatOf(extension: string): Format {
  const found = FORMATS.find((format) => format.extension === extension)
  if (found === undefined) throw new Error(`there is no format ${extension}`)
  return found
}

/** A table as bytes of a format. */
export const write = async (extension: string, table: Table, options?: FormatOptions): Promise<Buffer> =>
  Buffer.from(await formatOf(extension).write(table, options))
