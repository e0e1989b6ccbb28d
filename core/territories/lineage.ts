import { correctHistory } from './correctHistory.ts'
import { CREATED, DATED, DIVIDED, RECODED, REDISTRIBUTED, SUCCESSIONS } from './facts.ts'
import { communesOf, parentCommuneOf, type HistoricalCommune, type Vintage, type VintageCommune } from './vintage.ts'

// What a commune is changes; the ground does not. A commune of 1943, or one cut out of others since, is followed as one
// lineage for good: it stands alone, or in a larger commune as déléguée, associée or nothing, and may stand alone again.
// A commune on a day is the set of lineages that stand in it then. Everything else follows: what a code became, by which
// movements, and with which part of its population.

/** The first day that the COG's history tells. */
export const FIRST_DAY = '1943-01-01'

/** What a lineage is within its commune. */
export const STANDINGS = [
  'COMMUNE',
  'COMMUNE_DELEGUEE',
  'COMMUNE_ASSOCIEE',
  'ARRONDISSEMENT_MUNICIPAL',
  'FORMER_COMMUNE',
  'NOT_YET_CREATED',
] as const

/** `COMMUNE` on its own, a part of one, a commune before, or one cut out of it later. */
export type Standing = (typeof STANDINGS)[number]

/** Where one lineage stood between two days, and as what. */
export interface Stay {
  readonly lineage: number
  /** Its own code and name, which a part keeps within its commune. */
  readonly code: string
  readonly name: string
  readonly standing: Standing
  /** ISO date, inclusive. */
  readonly from: string
  /** ISO date, exclusive; null while it lasts. */
  readonly until: string | null
  /** The code of the commune in which it stands. */
  readonly commune: string
}

/** What a code of a commune named between two days. */
export interface CommuneState {
  readonly code: string
  readonly name: string
  readonly from: string
  readonly until: string | null
}

/** The communes since 1943, as lineages and as names. */
export interface Chronicle {
  /** By lineage, each from the oldest stay to the newest. */
  readonly stays: readonly Stay[]
  /** By code, each from the oldest state to the newest. */
  readonly communes: readonly CommuneState[]
  /** Codes of municipal arrondissements, which are no lineage of their own: their commune is the lineage. */
  readonly arrondissements: readonly Stay[]
}

/**
 * Follows every commune from 1943 to the newest vintage.
 * @param history its states from 1943 to the 1 January of the first vintage; may be empty.
 * @param vintages at least one, in ascending order.
 */
export function chronicleOf(history: readonly HistoricalCommune[], vintages: readonly Vintage[]): Chronicle {
  const first = vintages[0]
  if (first === undefined) throw new RangeError('a chronicle needs at least one vintage')
  const lineages = new Lineages()
  const states = new States()
  readHistory(correctHistory(history), lineages, states)
  lineages.waitWithOrigins()
  startVintages(first, lineages, states)
  for (const [position, vintage] of vintages.entries()) {
    const before = vintages[position - 1]
    if (before !== undefined) follow(before, vintage, lineages, states)
  }
  return {
    stays: lineages.all(),
    communes: states.all(),
    arrondissements: arrondissementsOf(vintages),
  }
}

type OpenStay = { -readonly [Field in keyof Stay]: Stay[Field] }

/** The lineages being followed: where each stands now, and its past. */
class Lineages {
  readonly #stays: OpenStay[][] = []

  /** Begins a lineage; with `before`, the commune out of which it is cut later. */
  begin(stay: Omit<Stay, 'lineage' | 'until'>, cutOutOf?: string): void {
    const lineage = this.#stays.length
    const own = { ...stay, lineage, until: null }
    if (cutOutOf === undefined) this.#stays.push([own])
    else {
      const waiting = { ...own, from: FIRST_DAY, standing: 'NOT_YET_CREATED' as const, commune: cutOutOf }
      this.#stays.push([{ ...waiting, until: stay.from }, own])
    }
  }

  /** Records where the newest lineage stands from a day on; nothing when it is as before. */
  continue(stay: Omit<Stay, 'lineage' | 'until'>): void {
    this.#step(this.#stays.at(-1) ?? [], stay)
  }

  /** Moves a lineage that stands somewhere now. */
  move(current: Stay, change: Partial<Omit<Stay, 'lineage' | 'until'>> & { readonly from: string }): void {
    this.#step(this.#stays[current.lineage] ?? [], { ...current, ...change })
  }

  /** Ends the newest lineage. */
  end(until: string): void {
    const last = this.#stays.at(-1)?.at(-1)
    if (last !== undefined) last.until = until
  }

  #step(stays: OpenStay[], { code, name, standing, from, commune }: Omit<Stay, 'lineage' | 'until'>): void {
    const last = stays.at(-1)
    if (last === undefined) return
    const same = last.code === code && last.name === name && last.standing === standing && last.commune === commune
    if (same) return
    if (last.from >= from) stays.pop()
    else last.until = from
    stays.push({ lineage: last.lineage, code, name, standing, from, until: null, commune })
  }

  /** Where every lineage stands that has not ended. */
  current(): readonly Stay[] {
    return this.#stays.flatMap((stays) => (stays.at(-1)?.until === null ? (stays.at(-1) ?? []) : []))
  }

  /** Puts a stay before the first one of a lineage: the same place under an older code. */
  precede(lineage: number, code: string, since: string): void {
    const stays = this.#stays[lineage]
    const oldest = stays?.[0]
    if (stays === undefined || oldest === undefined) return
    // What the sources tell of the place before the change, they tell under the later code.
    const after = stays.filter(({ until }) => until === null || until > since)
    const [start] = after
    if (start !== undefined) start.from = since
    stays.splice(0, stays.length, { ...oldest, code, commune: code, from: FIRST_DAY, until: since }, ...after)
  }

  /**
   * Before its creation a lineage stands wherever the commune stood out of which it was cut, which may have had another
   * code then, or have been cut out of a third.
   */
  waitWithOrigins(): void {
    const waiting = this.#stays.filter(([first]) => first?.standing === 'NOT_YET_CREATED')
    for (const stays of waiting.toSorted(([, left], [, right]) =>
      (left?.from ?? '') < (right?.from ?? '') ? -1 : 1,
    )) {
      const [wait, created] = stays
      if (wait === undefined || created === undefined) continue
      const origin = this.#stays.find((own) => own !== stays && own.some((stay) => isOrigin(stay, wait, created.from)))
      const until = (end: string | null) => (end === null || end > created.from ? created.from : end)
      const before = (origin ?? [])
        .filter(({ from }) => from < created.from)
        .map((stay) => ({ ...wait, from: stay.from, until: until(stay.until), commune: stay.commune }))
      if (before.length > 0) stays.splice(0, 1, ...joined(before))
    }
  }

  all(): readonly Stay[] {
    return this.#stays.flat()
  }
}

/** Whether the commune out of which a lineage is cut on a day is this one until then. */
const isOrigin = (stay: Stay, { commune }: Stay, day: string): boolean =>
  stay.code === commune && stay.commune === commune && stay.from < day && (stay.until === null || stay.until >= day)

/** Stays that follow each other in the same commune are one. */
function joined(stays: readonly OpenStay[]): readonly OpenStay[] {
  const kept: OpenStay[] = []
  for (const stay of stays) {
    const last = kept.at(-1)
    if (last?.commune === stay.commune) last.until = stay.until
    else kept.push(stay)
  }
  return kept
}

/** Names of communes by code, being written. */
class States {
  readonly #byCode = new Map<string, { code: string; name: string; from: string; until: string | null }[]>()

  add(code: string, name: string, from: string, until: string | null): void {
    const states = this.#byCode.get(code) ?? []
    this.#byCode.set(code, states)
    states.push({ code, name, from, until })
  }

  /** The code has this name from a day on; another spelling of the same name replaces it. */
  name(code: string, name: string, from: string): void {
    const last = this.#byCode.get(code)?.at(-1)
    if (last === undefined || last.until !== null) this.add(code, name, from, null)
    else if (last.name === name || spelling(last.name) === spelling(name)) last.name = name
    else {
      last.until = from
      this.add(code, name, from, null)
    }
  }

  end(code: string, until: string): void {
    const last = this.#byCode.get(code)?.at(-1)
    if (last !== undefined && last.until === null) last.until = until
  }

  /** Another code for the same place before a day. */
  precede(code: string, older: string, since: string): void {
    const states = this.#byCode.get(code) ?? []
    const name = states[0]?.name ?? older
    const after = states.filter(({ until }) => until === null || until > since)
    const [start] = after
    if (start !== undefined) start.from = since
    this.#byCode.set(code, after)
    this.add(older, name, FIRST_DAY, since)
  }

  all(): readonly CommuneState[] {
    return [...this.#byCode]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([, states]) => states.toSorted((left, right) => (left.from < right.from ? -1 : 1)))
  }
}

/** "Les Hauts Talican" and "Les Hauts-Talican" are one name. */
const spelling = (name: string): string => name.replace(/[-'’\s]/g, '')

const STANDING_OF_STATE: Readonly<Record<HistoricalCommune['type'], Standing>> = {
  COM: 'COMMUNE',
  COMA: 'COMMUNE_ASSOCIEE',
  COMD: 'COMMUNE_DELEGUEE',
  COMP: 'FORMER_COMMUNE',
}

const STANDING_OF_ENTRY: Readonly<Record<VintageCommune['type'], Standing>> = {
  'commune-actuelle': 'COMMUNE',
  'commune-associee': 'COMMUNE_ASSOCIEE',
  'commune-deleguee': 'COMMUNE_DELEGUEE',
  'arrondissement-municipal': 'ARRONDISSEMENT_MUNICIPAL',
}

/** A lineage begins with a commune that nothing precedes and that has no members; what follows it is told state by state. */
function readHistory(history: readonly HistoricalCommune[], lineages: Lineages, states: States): void {
  const byId = new Map(history.map((state) => [state.id, state]))
  const next = ({ successeur }: HistoricalCommune) => (successeur === undefined ? undefined : byId.get(successeur))
  const created = new Map(CREATED.map((fact) => [fact[0], fact]))
  const divided = new Map(DIVIDED.map((fact) => [fact[0], fact]))

  for (const state of history) {
    if (state.type === 'COM') states.add(state.code, state.nom, state.dateDebut ?? FIRST_DAY, state.dateFin ?? null)
    if (state.predecesseur !== undefined || state.membres !== undefined || state.type !== 'COM') continue
    for (const origin of originsOf(state)) {
      // A place divided among several is as many lineages from the start, together until then.
      for (const heir of heirsOf(state)) followStates(state, origin, heir)
    }
  }

  function originsOf({ code, dateDebut }: HistoricalCommune): readonly (string | undefined)[] {
    const fact = created.get(code)
    if (dateDebut === undefined || fact === undefined) return [undefined]
    requireSameDay(code, fact[2], dateDebut)
    return fact[1]
  }

  function heirsOf(first: HistoricalCommune): readonly (string | undefined)[] {
    const fact = divided.get(first.code)
    if (fact === undefined) return [undefined]
    let last = first
    for (let state = next(first); state !== undefined; state = next(state)) last = state
    requireSameDay(first.code, fact[2], last.dateFin)
    return fact[1]
  }

  function followStates(origin: HistoricalCommune, cutOutOf: string | undefined, heir: string | undefined): void {
    const from = origin.dateDebut ?? FIRST_DAY
    lineages.begin({ ...identityOf(origin, byId), from, commune: origin.code }, cutOutOf)
    for (let state: HistoricalCommune | undefined = origin; state !== undefined; state = next(state)) {
      for (const { commune, since } of communesOfState(state, byId)) {
        lineages.continue({ ...identityOf(state, byId), from: since, commune })
      }
      if (state.dateFin !== undefined && next(state) === undefined) {
        if (heir === undefined) lineages.end(state.dateFin)
        else
          lineages.continue({
            ...identityOf(state, byId),
            standing: 'FORMER_COMMUNE',
            from: state.dateFin,
            commune: heir,
          })
      }
    }
  }
}

/** A cited fact and the history speak of the same event, or one of them is wrong. */
function requireSameDay(code: string, fact: string, told: string | undefined): void {
  if (fact === told) return
  throw new RangeError(
    `the history has ${told ?? 'no day'} for the commune ${code}, and the fact in core/territories/facts.ts ${fact}: correct the fact, or the history by REDATED`,
  )
}

/** A former commune within a part is known by that part: its own code is no longer one, and it goes where the part goes. */
function identityOf(
  { code, nom, type, pole = '' }: HistoricalCommune,
  byId: ReadonlyMap<string, HistoricalCommune>,
): Pick<Stay, 'code' | 'name' | 'standing'> {
  const holder = byId.get(pole)
  if (holder?.type === 'COMD' || holder?.type === 'COMA') return identityOf(holder, byId)
  return { code, name: nom, standing: STANDING_OF_STATE[type] }
}

/** The communes in which a state stands while it lasts, one after the other: those of the commune that holds it. */
function communesOfState(
  state: HistoricalCommune,
  byId: ReadonlyMap<string, HistoricalCommune>,
): readonly { readonly commune: string; readonly since: string }[] {
  const from = state.dateDebut ?? FIRST_DAY
  if (state.pole === undefined) return [{ commune: state.code, since: from }]
  const found: { commune: string; since: string }[] = []
  for (let holder = byId.get(state.pole); holder !== undefined;) {
    const endsBefore = holder.dateFin !== undefined && holder.dateFin <= from
    const beginsAfter = state.dateFin !== undefined && (holder.dateDebut ?? FIRST_DAY) >= state.dateFin
    if (beginsAfter) break
    if (!endsBefore) {
      for (const { commune, since } of communesOfState(holder, byId)) {
        if (state.dateFin !== undefined && since >= state.dateFin) continue
        const start = since < from ? from : since
        if (found.at(-1)?.since === start) found.pop()
        if (found.at(-1)?.commune !== commune) found.push({ commune, since: start })
      }
    }
    holder = holder.successeur === undefined ? undefined : byId.get(holder.successeur)
  }
  return found
}

/** Communes of the first vintage that the history does not know: the overseas collectivities. */
function startVintages(vintage: Vintage, lineages: Lineages, states: States): void {
  const known = new Set(lineages.current().map(({ commune }) => commune))
  const recoded = new Map(RECODED.map((fact) => [fact.to, fact]))
  const day = `${vintage.year}-01-01`
  for (const { code, nom } of communesOf(vintage)) {
    if (!known.has(code)) lineages.begin({ code, name: nom, standing: 'COMMUNE', from: day, commune: code })
    states.name(code, nom, day)
  }
  for (const { lineage, commune } of lineages.current()) {
    const fact = recoded.get(commune)
    if (fact === undefined) continue
    lineages.precede(lineage, fact.from, fact.since)
    states.precede(commune, fact.from, fact.since)
  }
}

/** Carries every lineage from one vintage to the next. */
function follow(before: Vintage, after: Vintage, lineages: Lineages, states: States): void {
  const now = new Map(communesOf(after).map((commune) => [commune.code, commune]))
  const then = new Set(communesOf(before).map(({ code }) => code))
  const parts = new Map(after.communes.filter(isPart).map((part) => [part.code, part]))
  const dayOf = dayWithin(before.year, after.year)
  const redistributed = new Map(REDISTRIBUTED.filter(({ since }) => isWithin(since)).map(({ from, to }) => [from, to]))

  const destinations = lineages.current().map((stay) => ({ stay, commune: destinationOf(stay) }))
  const standingIn = Map.groupBy(destinations, ({ commune }) => commune)
  for (const { stay, commune } of destinations) {
    const part = parts.get(stay.code)
    const isListed = part !== undefined && parentCommuneOf(part) === commune
    const isWhole = !isListed && standingIn.get(commune)?.every((other) => other.stay.code === commune) === true
    lineages.move(stay, {
      commune,
      standing: isListed ? STANDING_OF_ENTRY[part.type] : isWhole ? 'COMMUNE' : 'FORMER_COMMUNE',
      name: isListed ? part.nom : isWhole ? (now.get(commune)?.nom ?? stay.name) : stay.name,
      from: dayOf(stay.commune, commune),
    })
  }
  for (const { code, nom } of now.values()) states.name(code, nom, dayOf(code))
  for (const code of then) if (!now.has(code)) states.end(code, dayOf(code))

  /** The commune in which a lineage stands now. */
  function destinationOf(stay: Stay): string {
    const { code, commune } = stay
    // A code that was a part and is a commune again took its ground with it; so did those that a cited fact names.
    const moved = redistributed.get(code)
    if (moved !== undefined) return moved
    if (code !== commune && now.has(code) && !then.has(code)) return code
    if (now.has(commune)) return commune
    const part = parts.get(commune)
    const successor = SUCCESSIONS.find(({ from, since }) => from === commune && isWithin(since))?.to
    const destination = part === undefined ? successor : parentCommuneOf(part)
    if (destination !== undefined && now.has(destination)) return destination
    throw new RangeError(
      `the commune ${commune} of ${before.year} is not in the COG ${after.year}, and no fact says where it went: add it to core/territories/facts.ts`,
    )
  }

  function isWithin(day: string): boolean {
    return day > `${before.year}-01-01` && day <= `${after.year}-01-01`
  }
}

const isPart = ({ type }: VintageCommune): boolean => type === 'commune-deleguee' || type === 'commune-associee'

/** The day of a movement between two vintages: that of a cited fact, else the 1 January of the later one. */
function dayWithin(before: number, after: number): (...codes: readonly string[]) => string {
  const exceptions = new Map<string, string>()
  for (const [day, codes] of [
    ...Object.entries(DATED),
    ...SUCCESSIONS.map(({ from, since }) => [since, [from]] as const),
  ]) {
    if (day <= `${before}-01-01` || day > `${after}-01-01`) continue
    for (const code of codes) exceptions.set(code, day)
  }
  return (...codes) => codes.map((code) => exceptions.get(code)).find((day) => day !== undefined) ?? `${after}-01-01`
}

function arrondissementsOf(vintages: readonly Vintage[]): readonly Stay[] {
  const newest = vintages.at(-1)
  return (newest?.communes ?? [])
    .filter(({ type }) => type === 'arrondissement-municipal')
    .map((entry) => ({
      lineage: -1,
      code: entry.code,
      name: entry.nom,
      standing: 'ARRONDISSEMENT_MUNICIPAL' as const,
      from: FIRST_DAY,
      until: null,
      commune: parentCommuneOf(entry),
    }))
}
