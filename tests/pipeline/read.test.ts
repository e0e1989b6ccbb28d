import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StratesError } from '../../core/observations/error.ts'
import { normaliseHeader, type ReadableFile, readTable, type TableRead } from '../../pipeline/read.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
let folder: string
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  folder = await mkdtemp(join(tmpdir(), 'strates-read-test-'))
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

async function lay(content: string | Buffer, name = 'ecoles.csv'): Promise<ReadableFile> {
  const path = join(folder, name)
  await writeFile(path, content)
  return { path, name, datasetId: 'fr-en-ecoles' }
}

async function read(content: string | Buffer, name?: string): Promise<TableRead & { cells: unknown[][] }> {
  const found = await readTable(connection, await lay(content, name), 'ecoles')
  return { ...found, cells: await cellsOf('ecoles') }
}

async function cellsOf(table: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(`SELECT * FROM ${table} ORDER BY _line`)).getRowsJS() as unknown[][]
}

async function refusal(content: string | Buffer, name?: string): Promise<StratesError> {
  const error: unknown = await read(content, name).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE' })
  return error as StratesError
}

describe('readTable on CSV', () => {
  it('keeps every cell as the text it is', async () => {
    const { cells, columns, names, rows } = await read('Numéro;Élèves;REP\n0350001A;007;1,5\n0350002B; 12 ;-0\n')
    expect(columns).toEqual(['Numéro', 'Élèves', 'REP'])
    expect(names).toEqual(['numero', 'eleves', 'rep'])
    expect(rows).toBe(2)
    expect(cells).toEqual([
      [2, '0350001A', '007', '1,5'],
      [3, '0350002B', ' 12 ', '-0'],
    ])
  })

  it('makes an empty cell NULL, quoted or not', async () => {
    const { cells } = await read('a;b;c\n1;;3\n"";2;\n')
    expect(cells).toEqual([
      [2, '1', null, '3'],
      [3, null, '2', null],
    ])
  })

  it('reads delimiters, quotes and line breaks inside quotes', async () => {
    const { cells } = await read('a;b\n"x;y";"l1\nl2"\n"dit ""le grand""";4" de haut\n')
    expect(cells).toEqual([
      [2, 'x;y', 'l1\nl2'],
      [3, 'dit "le grand"', '4" de haut'],
    ])
  })

  it.each([
    [';', 'a;b, c;d\n1;2,5;3\n', ['a', 'b, c', 'd']],
    [',', 'a,b,c\n"1;2",2,3\n', ['a', 'b', 'c']],
    ['\t', 'a\tb\n1,2\t3\n', ['a', 'b']],
    ['|', 'a|b\n1,2|3;4\n', ['a', 'b']],
  ])('finds the delimiter %j', async (delimiter, content, columns) => {
    expect(await read(content)).toMatchObject({ delimiter, columns, rows: 1 })
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('reads %s line ends, with or without the last one', async (_, end) => {
    for (const last of [end, '']) {
      const { cells } = await read(`a;b${end}1;2${end}3;4${last}`)
      expect(cells.map((row) => row.slice(1))).toEqual([
        ['1', '2'],
        ['3', '4'],
      ])
    }
  })

  it('reads mixed line ends', async () => {
    const { cells } = await read('a;b\r\n1;"2\nx"\r\n3;4\n5;6')
    expect(cells.map((row) => row.slice(1))).toEqual([
      ['1', '2\nx'],
      ['3', '4'],
      ['5', '6'],
    ])
  })

  const accented = 'école;œuvre\r\nMézière;5 €\r\n'
  const utf16 = Buffer.from(accented, 'utf16le')
  it.each([
    ['utf-8', Buffer.from(accented)],
    ['utf-8', Buffer.from(`\ufeff${accented}`)],
    ['utf-8', Buffer.from(`\ufeff"école";"œuvre"\nMézière;5 €\n`)],
    ['utf-16le', Buffer.from(`\ufeff${accented}`, 'utf16le')],
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(`\ufeff${accented}`, 'utf16le').swap16()],
    ['utf-16be', Buffer.from(utf16).swap16()],
    ['windows-1252', Buffer.from(accented.replaceAll('œ', '\x9c').replaceAll('€', '\x80'), 'latin1')],
  ])('reads %s', async (encoding, bytes) => {
    const found = await read(bytes)
    expect(found).toMatchObject({ encoding, columns: ['école', 'œuvre'] })
    expect(found.cells).toEqual([[2, 'Mézière', '5 €']])
  })

  it('reads a long file transcoded slice by slice without losing a character', async () => {
    const rows = Array.from({ length: 120_000 }, (_, i) => `${i};élève n° ${i}`)
    const { cells } = await read(Buffer.from(`n;é\r\n${rows.join('\r\n')}`, 'latin1'))
    expect(cells).toHaveLength(rows.length)
    expect(cells.every((row, i) => `${row[1]};${row[2]}` === rows[i] && row[0] === i + 2)).toBe(true)
  })

  it('keeps repeated, empty and colliding headers apart', async () => {
    const { columns, names } = await read('REP;REP +; REP ;rep;;+\n1;2;3;4;5;6\n')
    expect(columns).toEqual(['REP', 'REP +', 'REP', 'rep', '', '+'])
    expect(names).toEqual(['rep', 'rep_plus', 'rep_2', 'rep_3', 'column_5', 'plus'])
  })

  it('lets trailing delimiters pass, as they hold nothing', async () => {
    expect((await read('a;b\n1;2;\n3;4;;;\n')).cells).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
    ])
  })

  it('leaves out rows without any value, and says how many', async () => {
    expect(await read('a,b\n1,2\n\n,\n3,4\n,\n')).toMatchObject({ rows: 2, blankRows: 2 })
  })

  it('reads a path with quotes and wildcards in it', async () => {
    expect(await read('a;b\n1;2\n', "l'é[c]*o?le.csv")).toMatchObject({ rows: 1 })
  })

  it('replaces an earlier table and leaves nothing else behind', async () => {
    await read('a;b\n1;2\n')
    await read('c;d;e\n1;2;3\n')
    const tables = (await connection.runAndReadAll('SHOW TABLES')).getRowsJS()
    expect(tables).toEqual([['ecoles']])
  })

  it('gives the fields beyond a last column of free text back to it, when the descriptor says so', async () => {
    const file = await lay('a;b;source\n1;2;Fig 1 ; Fig 2 ; "Fig 3"\n3;4;"x;y"\n5;6;\n')
    await readTable(connection, { ...file, lastColumnSpills: true }, 'ecoles')
    expect((await cellsOf('ecoles')).map((row) => row[3])).toEqual(['Fig 1 ; Fig 2 ; "Fig 3"', 'x;y', null])
    await writeFile(file.path, 'a;b;source\n1;2\n')
    await expect(readTable(connection, { ...file, lastColumnSpills: true }, 'ecoles')).rejects.toThrow(/line 2/)
    await writeFile(file.path, 'a;b;source\n1;2;"x\n3;4;y\n')
    await expect(readTable(connection, { ...file, lastColumnSpills: true }, 'ecoles')).rejects.toThrow(/quote.*line/)
  })
})

describe('readTable refuses, by name and line,', () => {
  const header = 'a;b;c\n1;2;3\n'

  it.each([
    ['a row with too few fields', `${header}4;5\n7;8;9\n`, 3, 2],
    ['a row with one field', `${header}4\n7;8;9\n`, 3, 1],
    ['a row with too many fields', `${header}4;5;6;7;8\n7;8;9\n`, 3, 5],
    ['a broken row after a cell of two lines', 'a;b;c\n"x\ny";2;3\n4;5\n7;8;9\n', 4, 2],
    ['a broken row in a file with CR line ends', 'a;b;c\r1;2;3\r4;5\r7;8;9\r', 3, 2],
    ['a broken row in a file with mixed line ends', 'a;b;c\r\n1;"2\nx";3\n4;5\r\n7;8;9\n', 4, 2],
    ['a file cut in the middle of a row', `${header}4;5`, 3, 2],
  ])('%s', async (_, content, line, fieldsFound) => {
    const error = await refusal(content)
    expect(error.facts.details).toMatchObject({
      line,
      fieldsFound,
      fieldsExpected: 3,
      datasetId: 'fr-en-ecoles',
      file: 'ecoles.csv',
    })
    expect(error.message).toContain(`fr-en-ecoles, ecoles.csv, line ${line}`)
    expect(error.message).toMatch(/probably cut.*download it again/)
  })

  it.each([
    ['a quote never closed', `${header}4;"5;6\n7;8;9\n`, 3],
    ['a quote never closed, megabytes before the end', `${header}4;"5;6\n${'7;8;9\n'.repeat(600_000)}`, 3],
    ['text after a closing quote', `${header}"4"x;5;6\n7;8;9\n`, 3],
    ['a file cut inside quotes', `${header}4;5;"6`, 3],
    ['a row of more than two megabytes', `${header}4;5;${'6'.repeat(2_500_000)}\n`, 3],
  ])('%s', async (_, content, line) => {
    expect((await refusal(content)).message).toMatch(new RegExp(`line ${line}\\).*download it again`))
  })

  it('UTF-8 cut in the middle of a character, rather than take it for windows-1252', async () => {
    const bytes = Buffer.from('a;b\né;è\nà;ç')
    const error = await refusal(bytes.subarray(0, -1))
    expect(error.message).toMatch(/UTF-8.*line 3.*cut/)
  })

  it('UTF-16 cut in the middle of a character', async () => {
    const bytes = Buffer.from('\ufeffa;b\né;è\n', 'utf16le')
    expect((await refusal(bytes.subarray(0, -1))).message).toMatch(/UTF-16.*cut/)
  })

  it('UTF-8 with a character of another encoding in it', async () => {
    const bytes = Buffer.concat([Buffer.from('a;b\né;è\n'), Buffer.from('\xe9;x\n', 'latin1')])
    expect((await refusal(bytes)).message).toMatch(/UTF-8.*line 3/)
  })

  it.each([
    ['an empty file', '', /empty/],
    ['a file of blank lines', '\n \r\n', /empty/],
    ['a byte order mark alone', '\ufeff', /empty/],
    ['a header alone', 'a;b;c\n', /header and no row/],
    ['a header and blank rows', 'a;b;c\n;;\n;;\n', /header and no row/],
    ['a file without delimiter', 'bonjour\ntout\n', /no delimiter/],
    [
      'a web page',
      '\ufeff\n<!DOCTYPE html><title>Maintenance en cours</title>',
      /web page, titled "Maintenance en cours"/,
    ],
    ['a JSON message', '{"error_code":"ODSQLError"}', /JSON/],
    ['an Excel workbook', 'PK\x03\x04....', /Excel/],
    ['a PDF', '%PDF-1.7', /PDF/],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
    ['bytes with zeros', Buffer.from([1, 2, 0, 0, 9, 0, 200, 7]), /binary/],
    ['bytes without zeros', Buffer.from([0x47, 0x49, 0x81, 0x8d, 0xff, 0xfe, 0x10]), /binary/],
    ['zeros far into a text', `a;b\n1;${'x'.repeat(9000)}\0\n`, /binary/],
  ])('%s', async (_, content, message) => {
    expect((await refusal(content)).message).toMatch(message)
  })

  it('a file that is not there', async () => {
    const file = { path: join(folder, 'absent'), name: 'absent.csv', datasetId: 'd' }
    await expect(readTable(connection, file, 'ecoles')).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })

  it('and leaves no table', async () => {
    await read('a;b\n1;2\n')
    await refusal('a;b\n1;2;3\n')
    expect((await connection.runAndReadAll('SHOW TABLES')).getRowsJS()).toEqual([])
  })

  it('any bytes at all, or reads them, and never fails otherwise', async () => {
    const soup = fc.array(
      fc.constantFrom('a', 'é', ';', ',', '"', '\n', '\r', '\r\n', '\ufeff', ' ', '\0', '1', 'PAR1', '<'),
      { maxLength: 60 },
    )
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      soup.map((parts) => Buffer.from(parts.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const error: unknown = await read(bytes).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (error !== undefined) expect(error).toMatchObject({ code: 'SOURCE_UNREADABLE' })
      }),
      { numRuns: 300 },
    )
  })
})

describe('readTable on CSV, as written', () => {
  it('reads back what a careful writer writes, whatever the cells, delimiter and line end', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '0', 'é', '"', ';', ',', '\t', '|', '\n', ' ', "'", '€'),
      maxLength: 6,
    })
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(';', ',', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        async (rows, delimiter, end) => {
          fc.pre(rows.some((row) => row.some((value) => value !== '')))
          const header = rows[0]!.map((_, i) => `col${i}`)
          const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`
          const text = [header, ...rows].map((row) => row.map(quote).join(delimiter) + end).join('')
          const found = await read(text)
          const expected = rows
            .filter((row) => row.some((value) => value !== ''))
            .map((row) => row.map((value) => (value === '' ? null : value)))
          expect(found.delimiter).toBe(delimiter)
          expect(found.cells.map((row) => row.slice(1))).toEqual(expected)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('readTable on Parquet', () => {
  async function parquet(select: string, name = 'ecoles.parquet', rowGroup = 122_880): Promise<Buffer> {
    await connection.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroup})`)
    return readFile(join(folder, name))
  }

  it('turns every type into text, and an empty text into NULL', async () => {
    const bytes = await parquet(
      `SELECT DATE '2025-01-01' AS rentree_scolaire, 12 AS "Nombre d'élèves", '' AS vide, NULL::INTEGER AS rien,
         {'lon': 1.5, 'lat': 48} AS position, TRUE AS rep, TIMESTAMPTZ '2025-09-01 02:00:00+02' AS moment`,
    )
    const found = await read(bytes, 'ecoles.parquet')
    expect(found).toMatchObject({ format: 'parquet', rows: 1, encoding: null, delimiter: null })
    expect(found.columns).toEqual(['rentree_scolaire', "Nombre d'élèves", 'vide', 'rien', 'position', 'rep', 'moment'])
    expect(found.names[1]).toBe('nombre_d_eleves')
    expect(found.cells).toEqual([
      [1, '2025-01-01', '12', null, null, "{'lon': 1.5, 'lat': 48}", 'true', '2025-09-01 00:00:00'],
    ])
  })

  it('keeps the order of the rows, and leaves blank ones out', async () => {
    const bytes = await parquet(`SELECT CASE WHEN range % 1000 <> 7 THEN range END AS n FROM range(200000)`)
    const found = await read(bytes, 'ecoles.parquet')
    expect(found).toMatchObject({ rows: 199_800, blankRows: 200 })
    expect(found.cells.every((row) => Number(row[1]) === Number(row[0]) - 1)).toBe(true)
  })

  it('knows Parquet by its mark, whatever the name', async () => {
    expect(await read(await parquet('SELECT 1 AS n'), 'ecoles.csv')).toMatchObject({ format: 'parquet' })
  })

  it('refuses a file without its first mark, without its last, without rows, and a damaged one', async () => {
    const bytes = await parquet('SELECT range AS n FROM range(1000)')
    expect((await refusal(Buffer.from('a;b\n1;2\n'), 'x.parquet')).message).toMatch(/not a Parquet file/)
    expect((await refusal(bytes.subarray(0, -20), 'x.parquet')).message).toMatch(/no end mark.*download it again/)
    expect((await refusal(await parquet('SELECT 1 AS n WHERE FALSE'), 'x.parquet')).message).toMatch(/no row/)
    const damaged = Buffer.from(bytes).fill(0xff, 40, bytes.length - 12)
    expect((await refusal(damaged, 'x.parquet')).message).toMatch(/damaged/)
  })

  it('refuses a few kilobytes that unfold into 300 million cells', async () => {
    const bytes = await parquet('SELECT 1::UTINYINT AS n FROM range(300_000_001)', 'bomb.parquet', 10_000_000)
    expect(bytes.length).toBeLessThan(10_000)
    expect((await refusal(bytes, 'x.parquet')).message).toMatch(/300000001 cells/)
  }, 30_000)
})

describe('normaliseHeader', () => {
  it.each([
    ["Numéro de l'école", 'numero_de_l_ecole'],
    ['Nombre total d’élèves', 'nombre_total_d_eleves'],
    ['REP', 'rep'],
    ['REP +', 'rep_plus'],
    ['rep_plus', 'rep_plus'],
    ['  Œuvre (n° 2)  ', 'oeuvre_n_2'],
    ['2NDES_GT', '2ndes_gt'],
    ['', ''],
  ])('%j is %j', (name, expected) => {
    expect(normaliseHeader(name)).toBe(expected)
  })

  it('gives plain words, and gives them again from its own answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const normal = normaliseHeader(name)
        expect(normal).toMatch(/^([a-z0-9]+(_[a-z0-9]+)*)?$/)
        expect(normaliseHeader(normal)).toBe(normal)
      }),
    )
  })
})

const real = join(import.meta.dirname, '../../../shared/data')
const isThere = existsSync(real)
if (!isThere) console.warn('skipped: the real files of ../shared/data are not here')

describe.skipIf(!isThere)('readTable on the official files', () => {
  function official(name: string): ReadableFile {
    return { path: join(real, name), name, datasetId: 'official' }
  }

  it.each([
    ['ille-et-vilaine/fr-en-ecoles-effectifs-nb_classes.csv', 2_704, 23, ';'],
    ['ille-et-vilaine/fr-en-college-effectifs-niveau-sexe-lv.csv', 374, 75, ';'],
    ['ille-et-vilaine/fr-en-annuaire-education.csv', 996, 69, ';'],
    ['france/annuaire-education-extract-2025-06.csv', 68_792, 14, ','],
    ['france/fr-en-lycee_gt-effectifs-niveau-sexe-lv.csv', 7_506, 175, ';'],
    ['cog/insee-mouvements-communes-2026.csv', 13_734, 14, ','],
  ])('%s has %i rows of %i columns', async (name, rows, width, delimiter) => {
    const started = performance.now()
    const found = await readTable(connection, official(name), 'official')
    expect(found).toMatchObject({ rows, delimiter, encoding: 'utf-8', blankRows: 0 })
    expect(new Set(found.names).size).toBe(width)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('leaves out the blank last row of the EPCI membership', async () => {
    const found = await readTable(connection, official('cog/dgcl-epcicom-2025.csv'), 'official')
    expect(found).toMatchObject({ rows: 34_871, blankRows: 1 })
  })

  it('finds the unquoted remarks of a published table, and reads them when told', async () => {
    const file = official('france/depp-primary-by-zone-2023-2025.csv')
    await expect(readTable(connection, file, 'official')).rejects.toThrow(/8 fields.*line 12.*7 fields/)
    const found = await readTable(connection, { ...file, lastColumnSpills: true }, 'official')
    expect(found.columns).toHaveLength(7)
  })

  it('names the line at which a file is cut, wherever that is', async () => {
    const bytes = await readFile(join(real, 'ille-et-vilaine/fr-en-ecoles-effectifs-nb_classes.csv'))
    for (const share of [0.2, 0.5, 0.9]) {
      // A cut just behind a delimiter of the row: some fields are missing for sure.
      const at = bytes.indexOf(';', bytes.indexOf('\n', Math.floor(bytes.length * share)))
      const cut = bytes.subarray(0, at + 1)
      const error = await refusal(cut)
      expect(error.facts.details).toMatchObject({ line: cut.toString('latin1').split('\n').length, fieldsExpected: 23 })
      expect(error.message).toMatch(/probably cut: download it again/)
    }
  })
})
