import type { CellType, TableFacts, TableShape } from '../table.ts'
import { csvOptionsOf, type FormatOptions } from './options.ts'

/** A Table Schema as Frictionless has it (https://specs.frictionlessdata.io/table-schema/): what the columns of a file are. */
export interface TableSchema {
  readonly fields: readonly TableField[]
  /** What stands for null: the empty field. Only CSV that is read without regard to quotes takes the empty text for it too. */
  readonly missingValues: readonly ['']
}

/** A column of a Table Schema. */
export interface TableField {
  readonly name: string
  readonly type: CellType
  readonly description: string
  /** What stands before the decimals, where it is no point. */
  readonly decimalChar?: ','
  readonly constraints?: { readonly required?: true; readonly enum?: readonly string[] }
}

/** The Table Schema of the files of a table; `options` are those of CSV. */
export function tableSchemaOf({ columns }: Pick<TableShape, 'columns'>, options: FormatOptions = {}): TableSchema {
  const { decimal } = csvOptionsOf(options)
  const fields = columns.map(({ name, type, description, nullable, values }): TableField => {
    const constraints = { ...(!nullable && { required: true as const }), ...(values !== undefined && { enum: values }) }
    return {
      name,
      type,
      description,
      ...(type === 'number' && decimal === ',' && { decimalChar: decimal }),
      ...(Object.keys(constraints).length > 0 && { constraints }),
    }
  })
  return { fields, missingValues: [''] }
}

/** A CSV file with its schema, licences and sources, as a Frictionless Data Resource (https://specs.frictionlessdata.io/tabular-data-resource/). */
export interface DataResource {
  readonly profile: 'tabular-data-resource'
  readonly name: string
  readonly title: string
  /** The address of the file. */
  readonly path: string
  readonly format: 'csv'
  readonly mediatype: 'text/csv'
  readonly encoding: 'utf-8'
  readonly dialect: { readonly delimiter: string; readonly lineTerminator: '\r\n' }
  readonly schema: TableSchema
  readonly licenses: readonly { readonly name: string; readonly title: string; readonly path: string }[]
  readonly sources: readonly { readonly title: string }[]
}

/** The Data Resource of a CSV file; `path` is its address, `options` those that it is written with. */
export function dataResourceOf(
  { name, title, columns }: TableShape,
  { licences, attributions }: Pick<TableFacts, 'licences' | 'attributions'>,
  path: string,
  options: FormatOptions = {},
): DataResource {
  return {
    profile: 'tabular-data-resource',
    name,
    title,
    path,
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    dialect: { delimiter: csvOptionsOf(options).delimiter, lineTerminator: '\r\n' },
    schema: tableSchemaOf({ columns }, options),
    licenses: licences.map((licence) => ({ name: licence.id, title: licence.title, path: licence.url })),
    sources: attributions.map((attribution) => ({ title: attribution })),
  }
}
