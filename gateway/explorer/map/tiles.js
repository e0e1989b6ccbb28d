/**
 * @import { Drawing } from './layout.js'
 * @typedef {{ readonly code: string, readonly column: number, readonly row: number }} Tile
 */

/**
 * Where each département stands on the map of tiles, about where it lies: of the pairs that touch on the ground, nine in ten touch here.
 * Those overseas stand in the lower left, Corsica in the lower right.
 */
const DEPARTEMENTS = `
 ..  ..  ..  ..  76  62  80  59  ..  ..  ..  ..
 ..  ..  ..  ..  27  95  60  02  08  ..  57  ..
 ..  ..  ..  14  78  92  75  93  51  55  54  67
 29  22  50  61  28  91  94  77  10  52  88  68
 ..  56  35  53  72  41  45  89  21  70  90  ..
 ..  ..  44  49  37  36  18  58  71  39  25  ..
 ..  ..  85  79  86  87  23  03  69  01  74  ..
 ..  ..  ..  17  16  19  63  42  38  73  ..  ..
971  ..  ..  33  24  46  15  43  07  26  05  ..
972  ..  ..  40  47  82  12  48  30  84  04  06
973  ..  ..  64  32  31  81  34  ..  13  83  ..
974  ..  ..  ..  65  09  11  66  ..  ..  ..  ..
976  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  2B
 ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  ..  2A`

/** Where each région stands. */
const REGIONS = `
..  ..  ..  32  ..
01  ..  28  11  44
02  53  52  24  27
03  ..  75  84  ..
04  ..  76  93  ..
06  ..  ..  ..  94`

/** What is written on a tile of a région: its letters of ISO 3166-2. @type {Readonly<Record<string, string>>} */
const LETTERS = {
  '01': 'GP',
  '02': 'MQ',
  '03': 'GF',
  '04': 'RE',
  '06': 'YT',
  11: 'IDF',
  24: 'CVL',
  27: 'BFC',
  28: 'NOR',
  32: 'HDF',
  44: 'GES',
  52: 'PDL',
  53: 'BRE',
  75: 'NAQ',
  76: 'OCC',
  84: 'ARA',
  93: 'PAC',
  94: 'COR',
}

/** @param {string} text @returns {readonly Tile[]} */
const tilesOf = (text) =>
  text
    .trim()
    .split('\n')
    .flatMap((line, row) =>
      line
        .trim()
        .split(/\s+/)
        .flatMap((code, column) => (code === '..' ? [] : [{ code, column, row }])),
    )

/** The tiles of the tiers that have a map of tiles. @type {Readonly<Record<string, readonly Tile[]>>} */
export const TILES = { DEPARTEMENT: tilesOf(DEPARTEMENTS), REGION: tilesOf(REGIONS) }

const WIDTH = 520

/** No tile is wider, where few are shown. */
const WIDEST = 76

const GAP = 3

/**
 * A map of tiles of the same size, one for each member, where no boundaries are loaded; undefined for tiers that have none.
 * @param {string} tier @param {readonly { readonly id: string, readonly code: string }[]} members
 * @returns {Drawing | undefined}
 */
export function tileDrawing(tier, members) {
  const all = TILES[tier]
  const tileOf = new Map(all?.map((tile) => [tile.code, tile]))
  const shown = members.flatMap(({ id, code }) => {
    const tile = tileOf.get(code)
    return tile ? [{ id, ...tile }] : []
  })
  if (shown.length === 0) return undefined
  const [left, top] = [Math.min(...shown.map(({ column }) => column)), Math.min(...shown.map(({ row }) => row))]
  const columns = Math.max(...shown.map(({ column }) => column)) - left + 1
  const rows = Math.max(...shown.map(({ row }) => row)) - top + 1
  const step = Math.min(WIDEST, WIDTH / columns)
  const size = step - GAP
  const indent = (WIDTH - step * columns + GAP) / 2
  return {
    width: WIDTH,
    height: Math.ceil(step * rows),
    frames: [],
    areas: shown.map(({ id, code, column, row }) => {
      const [x, y] = [indent + (column - left) * step, (row - top) * step]
      return {
        key: id,
        ids: [id],
        letters: LETTERS[code] !== undefined && tier === 'REGION' ? LETTERS[code] : code,
        d: `M${x.toFixed(1)},${y.toFixed(1)}h${size.toFixed(1)}v${size.toFixed(1)}h${(-size).toFixed(1)}Z`,
        x: x + size / 2,
        y: y + size / 2,
        size,
        isCopy: false,
      }
    }),
  }
}
