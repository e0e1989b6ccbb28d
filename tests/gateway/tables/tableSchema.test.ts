import { describe, expect, it } from 'vitest'
import { dataResourceOf, tableSchemaOf } from '../../../gateway/doors/tables/formats/tableSchema.ts'
import { PUPILS, tableOf } from './example.ts'

describe('the Table Schema of a table', () => {
  it('has a field for each column, in order, with what it must hold', () => {
    const columns = [
      { name: 'code', nullable: false },
      { name: 'status', values: ['NORMAL', 'PARTIAL'], nullable: false },
      { name: 'rate', type: 'number' },
    ] as const
    expect(tableSchemaOf(tableOf(columns, []))).toEqual({
      fields: [
        { name: 'code', type: 'string', description: 'The code of the row.', constraints: { required: true } },
        {
          name: 'status',
          type: 'string',
          description: 'The status of the row.',
          constraints: { required: true, enum: ['NORMAL', 'PARTIAL'] },
        },
        { name: 'rate', type: 'number', description: 'The rate of the row.' },
      ],
      missingValues: [''],
    })
  })

  it('says of numbers, and of nothing else, that a comma stands before their decimals', () => {
    const { fields } = tableSchemaOf(PUPILS, { dialect: 'excel-fr' })
    expect(fields.filter((field) => field.decimalChar === ',').map(({ name }) => name)).toEqual([
      'latitude',
      'longitude',
      'rate',
    ])
  })

  it('goes with licences, sources and delimiter as a Data Resource', () => {
    const path = 'https://strates.example/v1/pupils-by-commune.csv?dialect=excel-fr'
    const resource = dataResourceOf(PUPILS, PUPILS.about, path, { dialect: 'excel-fr' })
    expect(resource).toMatchObject({
      name: 'pupils-by-commune',
      path,
      dialect: { delimiter: ';', lineTerminator: '\r\n' },
      licenses: [{ name: 'etalab-2.0', title: 'Licence Ouverte 2.0' }],
      sources: [{ title: PUPILS.about.attributions[0] }, { title: PUPILS.about.attributions[1] }],
    })
    expect(resource.schema).toEqual(tableSchemaOf(PUPILS, { dialect: 'excel-fr' }))
  })
})
