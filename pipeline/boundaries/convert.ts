import type { WithoutBoundary, WithoutReason } from '../../core/store/boundaries.ts'
import { departementOfCommuneCode, territoryId } from '../../core/territories/code.ts'
import type { Chronicle } from '../../core/territories/lineage.ts'
import { stands } from '../../core/territories/pieces.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import type { Dated } from './date.ts'
import type { BoundaryShapes, Shape } from './read.ts'

/** A file of communes with its day. */
export interface DatedShapes {
  readonly file: BoundaryShapes
  readonly dated: Dated
}

/** Shapes of communes of then that are drawn together, and the communes of today that stand on their ground: one, or several that share it. */
export interface CommuneDrawing {
  readonly communes: readonly Territory[]
  readonly shapes: readonly Shape[]
}

/** The communes of files as the communes of today. */
export interface ConvertedCommunes {
  readonly drawings: readonly CommuneDrawing[]
  /** Communes of the départements that the files cover. */
  readonly without: readonly WithoutBoundary[]
  /** Codes of the départements that the files cover. */
  readonly covered: ReadonlySet<string>
  /** By the name of a file, how many of its shapes are drawn, and what one should know. */
  readonly used: ReadonlyMap<string, number>
  readonly notes: ReadonlyMap<string, readonly string[]>
}

/** A shape of then, or the arrondissements that make one commune, on their ground. */
interface Claim {
  readonly code: string
  readonly file: string
  readonly shapes: readonly Shape[]
  readonly lineages: readonly number[]
}

/**
 * Carries the communes of files to those of today over the ground: what merged is drawn together. Where one shape stands for
 * several communes of today, no border between them is known. Of two files that draw the same ground the newer one counts, then
 * the simpler one, then the first by name.
 */
export function convertCommunes(
  files: readonly DatedShapes[],
  chronicle: Chronicle,
  territories: Territories,
): ConvertedCommunes {
  const lineagesOn = lineagesOver(chronicle)
  const today = `${territories.vintage}-01-01`
  const used = new Map(files.map(({ file }) => [file.name, 0]))
  const notes = new Map(files.map(({ file }) => [file.name, [] as string[]]))
  const covered = new Set<string>()
  const differing = new Map<string, string>()
  const claims: Claim[] = []
  const claimOf = new Map<number, Claim>()
  for (const { file, dated } of files.toSorted(inPrecedence)) {
    const { own, says } = withoutArrondissements(file, chronicle)
    notes.get(file.name)?.push(...says)
    for (const { code } of file.shapes) covered.add(departementOfCommuneCode(code))
    const differs = new Set(dated.onlyInFile.map(departementOfCommuneCode))
    let unneeded = 0
    for (const { code, shapes } of own) {
      const departement = departementOfCommuneCode(code)
      if (differs.has(departement)) {
        differing.set(departement, `${file.name} has codes there that were not in use on ${dated.asOf}`)
        continue
      }
      const lineages = lineagesOn(code, dated.asOf)
      if (lineages.some((lineage) => claimOf.has(lineage))) {
        unneeded += shapes.length
        continue
      }
      const claim = { code, file: file.name, shapes, lineages }
      claims.push(claim)
      for (const lineage of lineages) claimOf.set(lineage, claim)
    }
    if (unneeded > 0)
      notes.get(file.name)?.push(`${unneeded} of its shapes not needed: another file draws that ground.`)
    for (const departement of differs) {
      notes
        .get(file.name)
        ?.push(`Nothing is drawn of the département ${departement}: its codes are those of no one day.`)
    }
  }

  const communes = territories.ofTier('COMMUNE')
  const grounds = new Map(communes.map((commune) => [commune, lineagesOn(commune.code, today)]))
  const communesOn = new Map<Claim, Territory[]>()
  for (const [commune, lineages] of grounds) {
    for (const claim of new Set(lineages.flatMap((lineage) => claimOf.get(lineage) ?? []))) {
      const known = communesOn.get(claim)
      if (known === undefined) communesOn.set(claim, [commune])
      else known.push(commune)
    }
  }

  const drawings: CommuneDrawing[] = []
  const without: WithoutBoundary[] = []
  const done = new Set<Territory>()
  for (const commune of communes) {
    if (done.has(commune)) continue
    const together = togetherWith(commune)
    for (const one of together.communes) done.add(one)
    settle(together)
  }
  for (const claim of claims.filter((own) => !communesOn.has(own)))
    notes.get(claim.file)?.push(`${claim.code} is not drawn: no commune of today stands on its ground.`)
  return { drawings, without, covered, used, notes }

  /** The communes and shapes that hang together, shape by commune by shape. */
  function togetherWith(commune: Territory): { communes: readonly Territory[]; claims: ReadonlySet<Claim> } {
    const found = new Set([commune])
    const held = new Set<Claim>()
    for (const one of found) {
      for (const lineage of grounds.get(one) ?? []) {
        const claim = claimOf.get(lineage)
        if (claim === undefined || held.has(claim)) continue
        held.add(claim)
        for (const other of communesOn.get(claim) ?? []) found.add(other)
      }
    }
    return { communes: [...found].toSorted(byCode), claims: held }
  }

  function settle({ communes, claims }: ReturnType<typeof togetherWith>): void {
    const isWhole = communes.every((commune) => grounds.get(commune)?.every((lineage) => claimOf.has(lineage)))
    if (claims.size > 0 && isWhole) {
      const shapes = [...claims].flatMap((claim) => claim.shapes)
      drawings.push({ communes, shapes })
      for (const { file, shapes } of claims) used.set(file, (used.get(file) ?? 0) + shapes.length)
    }
    for (const commune of communes) {
      const departement = territories.at(commune.departement).code
      if (isWhole && communes.length === 1 && claims.size > 0) continue
      if (claims.size === 0) {
        if (covered.has(departement)) leaveOut(commune, ...absence(departement))
      } else if (!isWhole) {
        const codes = [...claims].map(({ code }) => code).join(', ')
        leaveOut(commune, 'PART_MISSING', `The files draw only a part of its ground (${codes}).`)
      } else {
        const codes = [...claims].map(({ code }) => code).join(', ')
        const names = communes.map(({ name, code }) => `${name} (${code})`).join(', ')
        const detail = `The file draws its ground under ${codes}, which was divided since: ${names} share the shape.`
        leaveOut(commune, 'DIVIDED_SINCE', detail, idOfShape(communes))
      }
    }
  }

  function absence(departement: string): [WithoutReason, string] {
    const why = differing.get(departement)
    return why === undefined
      ? ['NOT_IN_FILE', `No file that covers the département ${departement} draws its ground.`]
      : ['FILE_DIFFERS', `${why}, so that nothing of the département ${departement} is drawn from it.`]
  }

  function leaveOut({ id, code, name }: Territory, reason: WithoutReason, detail: string, sharedShape?: string): void {
    without.push({ id, tier: 'COMMUNE', code, name, reason, detail, ...(sharedShape !== undefined && { sharedShape }) })
  }
}

/** The id of the shape of some communes: that of the commune, or one that is no territory's where several share it. */
export const idOfShape = (communes: readonly Territory[]): string =>
  communes.length === 1 && communes[0] !== undefined
    ? communes[0].id
    : `shared-${territoryId('COMMUNE', communes.map(({ code }) => code).join('+'))}`

const byCode = (left: Territory, right: Territory): number => (left.code < right.code ? -1 : 1)

/** The newest first, of two of a day the simpler. */
function inPrecedence(left: DatedShapes, right: DatedShapes): number {
  if (left.dated.asOf !== right.dated.asOf) return left.dated.asOf > right.dated.asOf ? -1 : 1
  return simplestFirst(left.file, right.file)
}

/** By positions a shape, then by name. */
export const simplestFirst = (left: BoundaryShapes, right: BoundaryShapes): number =>
  left.positions / left.shapes.length - right.positions / right.shapes.length || (left.name < right.name ? -1 : 1)

/** The lineages that stand in a commune on a day. */
function lineagesOver({ stays }: Chronicle): (code: string, day: string) => readonly number[] {
  const byCommune = Map.groupBy(stays, ({ commune }) => commune)
  return (code, day) => (byCommune.get(code) ?? []).filter((stay) => stands(stay, day)).map(({ lineage }) => lineage)
}

/** The code of the commune that a code of a file stands for: its own, but for a municipal arrondissement. */
export function communeOfCode({ arrondissements }: Chronicle): (code: string) => string {
  const wholes = new Map(arrondissements.map(({ code, commune }) => [code, commune]))
  return (code) => wholes.get(code) ?? code
}

/** The shapes by commune: arrondissements make theirs, where all of them are there and it is not there itself. */
function withoutArrondissements(
  { shapes }: BoundaryShapes,
  chronicle: Chronicle,
): { readonly own: readonly Pick<Claim, 'code' | 'shapes'>[]; readonly says: readonly string[] } {
  const wholeOf = communeOfCode(chronicle)
  const expected = Map.groupBy(chronicle.arrondissements, ({ commune }) => commune)
  const says: string[] = []
  const own = [...Map.groupBy(shapes, ({ code }) => wholeOf(code))].flatMap(([code, all]) => {
    const whole = all.filter((shape) => shape.code === code)
    const parts = all.length - whole.length
    if (parts === 0) return [{ code, shapes: whole }]
    if (whole.length > 0) {
      says.push(`${parts} of the arrondissements of ${code} not needed: the commune is there itself.`)
      return [{ code, shapes: whole }]
    }
    const count = expected.get(code)?.length ?? 0
    if (parts === count) return [{ code, shapes: all }]
    says.push(`${code} is not drawn: ${parts} of its ${count} arrondissements are there.`)
    return []
  })
  return { own, says }
}
