import { StratesError } from '../../../../core/observations/error.ts'
import type { Format } from './format.ts'

/** How a file is written, where its format leaves a choice. */
export interface FormatOptions {
  /** What stands between two fields of CSV; a comma by default. */
  readonly delimiter?: ',' | ';' | '\t'
  /** What stands before the decimals in CSV; a point by default. A comma needs another delimiter than the comma. */
  readonly decimal?: '.' | ','
  /** Whether CSV begins with a byte order mark, by which Excel knows that it is UTF-8; false by default. */
  readonly bom?: boolean
  /** A set of the others that suits a program; each of them may still be given beside it. */
  readonly dialect?: Dialect
}

/** See {@link DIALECTS}. */
export type Dialect = keyof typeof DIALECTS

/** `excel-fr`: what Excel opens right by a double click where Windows is set to French. */
export const DIALECTS = {
  'excel-fr': { delimiter: ';', decimal: ',', bom: true },
} as const satisfies Record<string, FormatOptions>

/** An option as it is written in an address. */
interface WrittenOption<Value> {
  readonly description: string
  /** What may be written, and what it means. */
  readonly values: Readonly<Record<string, Value>>
}

/** The options, by name, as they are written in an address. */
export const FORMAT_OPTIONS: {
  readonly [Name in keyof FormatOptions]-?: WrittenOption<Exclude<FormatOptions[Name], undefined>>
} = {
  delimiter: {
    description: 'What stands between two fields: a comma by default.',
    values: { ',': ',', ';': ';', tab: '\t' },
  },
  decimal: {
    description: 'What stands before the decimals: a point by default. A comma needs the delimiter ";" or "tab".',
    values: { '.': '.', ',': ',' },
  },
  bom: {
    description:
      'Whether the file begins with a byte order mark, by which Excel knows that it is UTF-8: not by default.',
    values: { true: true, false: false },
  },
  dialect: {
    description: 'A set of options that suits a program: "excel-fr" is delimiter=;, decimal=, and bom=true.',
    values: { 'excel-fr': 'excel-fr' },
  },
}

/**
 * Reads the options of a format as they are written in an address; names that are no options of any format are left alone.
 * @throws StratesError INVALID_OPTION for a value that there is not, or an option that means nothing to the format.
 */
export function readFormatOptions(
  { extension, options }: Pick<Format, 'extension' | 'options'>,
  written: URLSearchParams,
): FormatOptions {
  const read = (Object.keys(FORMAT_OPTIONS) as (keyof FormatOptions)[])
    .filter((name) => written.getAll(name).some((text) => text !== ''))
    .map((name) => {
      if (!options.includes(name)) {
        const taken = options.length === 0 ? 'none' : options.join(', ')
        throw invalid(
          `The option "${name}" means nothing to the format ${extension}`,
          name,
          `its options: ${taken}`,
          `Leave "${name}" out.`,
        )
      }
      const [text = '', ...others] = written.getAll(name)
      if (others.length > 0)
        throw invalid(`The option "${name}" is there more than once`, name, 'one value', 'Leave out the others.')
      return [name, valueOf(name, text)]
    })
  return Object.fromEntries(read) as FormatOptions
}

function valueOf(name: keyof FormatOptions, text: string): unknown {
  const { values } = FORMAT_OPTIONS[name]
  if (Object.hasOwn(values, text)) return (values as Readonly<Record<string, unknown>>)[text]
  const known = Object.keys(values)
    .map((value) => `"${value}"`)
    .join(', ')
  throw invalid(
    `The option "${name}" has no value "${text}"`,
    name,
    `one of ${known}`,
    `Write "${name}" as one of these, or leave it out.`,
  )
}

/**
 * The options of CSV, with those of the dialect and the defaults filled in.
 * @throws StratesError INVALID_OPTION when the decimals would be written with the delimiter.
 */
export function csvOptionsOf({ dialect, ...given }: FormatOptions): Required<Omit<FormatOptions, 'dialect'>> {
  const {
    delimiter = ',',
    decimal = '.',
    bom = false,
  } = {
    ...(dialect !== undefined && DIALECTS[dialect]),
    ...given,
  }
  if (decimal === ',' && delimiter === ',') {
    throw invalid(
      'A comma cannot stand both before the decimals and between the fields',
      'decimal',
      'another delimiter beside decimal=,',
      'Add delimiter=; (or delimiter=tab), or ask for dialect=excel-fr.',
    )
  }
  return { delimiter, decimal, bom }
}

const invalid = (what: string, name: string, expected: string, remedy: string): StratesError =>
  new StratesError({ code: 'INVALID_OPTION', what, on: `option ${name}`, expected, remedy })
