import { Counter, type Registry } from 'prom-client'
import { OTHER } from './names.ts'

/** One count. Whoever counts adds to it: that takes a few nanoseconds, where `Counter.inc` takes hundreds. */
export interface Cell {
  count: number
}

/** How many combinations of labels one metric has; what comes later is counted under `other`. */
export const MOST_CELLS = 2000

/** What {@link createCells} makes a metric of. */
export interface CellsOptions<Label extends string> {
  readonly registry: Registry
  readonly name: string
  readonly help: string
  /** The last one has few values, and is kept even where the others become `other`. */
  readonly labels: readonly Label[]
}

type Level = Map<string, Level | Cell>

/**
 * Makes a counter of plain numbers, which prom-client reads when someone asks.
 * @returns a function that finds the cell of some values, given in the order of the labels.
 */
export function createCells<Label extends string>(options: CellsOptions<Label>): (...values: string[]) => Cell {
  const { registry, name, help, labels } = options
  const cells: { readonly values: readonly string[]; readonly cell: Cell }[] = []
  const root: Level = new Map()
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset()
      for (const { values, cell } of cells) this.inc(namesOf(values), cell.count)
    },
  })

  return (...values) => find(values) ?? grow(values)

  function find(values: readonly string[]): Cell | undefined {
    let level: Level | Cell | undefined = root
    for (const value of values) {
      level = (level as Level).get(value)
      if (level === undefined) return undefined
    }
    return level as Cell
  }

  function grow(given: readonly string[]): Cell {
    const values = fitted(given, cells.length)
    const known = find(values)
    if (known) return known
    const cell: Cell = { count: 0 }
    cells.push({ values, cell })
    let level = root
    for (const value of values.slice(0, -1)) {
      const below = (level.get(value) as Level | undefined) ?? new Map()
      level.set(value, below)
      level = below
    }
    level.set(values.at(-1) ?? '', cell)
    return cell
  }

  function namesOf(values: readonly string[]): Record<Label, string> {
    return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])) as Record<Label, string>
  }
}

/** The values under which a new combination is counted; the last one goes too where even that has too many. */
function fitted(values: readonly string[], size: number): readonly string[] {
  if (size < MOST_CELLS) return values
  return values.map((value, index) => (index === values.length - 1 && size < 2 * MOST_CELLS ? value : OTHER))
}
