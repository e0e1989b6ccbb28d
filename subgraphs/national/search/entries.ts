import type { StoreReader } from '../../../core/store/reader.ts'
import { departementOfCommuneCode, type Tier } from '../../../core/territories/code.ts'
import type { Alias, Territory } from '../../../core/territories/territory.ts'
import { fold } from './fold.ts'
import { labelOf } from './label.ts'
import { IN_USE, NAMED_BEFORE, type OtherNames } from './namesInUse.ts'

/** What a text by which a territory can be found is. */
export const ENTRY_KINDS = ['NAME', 'SIGLE', 'FORMER_NAME', 'PART', 'CODE', 'POSTAL_CODE'] as const

/** See {@link ENTRY_KINDS}. */
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** A text by which a territory can be found. */
export interface Entry {
  readonly territory: Territory
  readonly kind: EntryKind
  /** As it is written. */
  readonly text: string
  /** The former name or code, or the part, that the text names; null where it names the territory itself. */
  readonly alias: Alias | null
}

const KIND_OF_ALIAS: Readonly<Record<Alias['kind'], EntryKind>> = {
  ARRONDISSEMENT_MUNICIPAL: 'PART',
  COMMUNE_DELEGUEE: 'PART',
  COMMUNE_ASSOCIEE: 'PART',
  FORMER_COMMUNE: 'FORMER_NAME',
  FORMER_EPCI: 'FORMER_NAME',
  FORMER_DEPARTEMENT: 'FORMER_NAME',
  FORMER_REGION: 'FORMER_NAME',
  FORMER_NAME: 'FORMER_NAME',
}

const TYPES_OF_EPCI: Readonly<Record<string, string>> = {
  COMMUNAUTE_DE_COMMUNES: 'communauté de communes',
  COMMUNAUTE_D_AGGLOMERATION: "communauté d'agglomération",
  COMMUNAUTE_URBAINE: 'communauté urbaine',
}

/** Every text by which a territory of the newest vintage can be found: names, sigles, codes, of today and of before. */
export function* entriesOf(store: StoreReader): Generator<Entry, void> {
  const { territories } = store
  const byId = (tier: string, code: string): Territory | undefined => territories.byId(`${tier.toLowerCase()}:${code}`)
  for (const territory of territories.all) yield* ownEntries(territory)
  for (const alias of territories.aliases) {
    const territory = byId(alias.tier, alias.leadsTo)
    if (territory === undefined) continue
    yield { territory, kind: 'CODE', text: alias.code, alias }
    yield { territory, kind: KIND_OF_ALIAS[alias.kind], text: alias.name, alias }
  }
  yield* formerNames(store)
  for (const { territory, text } of namesIn(IN_USE)) yield { territory, kind: 'SIGLE', text, alias: null }
  for (const { territory, text } of namesIn(NAMED_BEFORE))
    yield { territory, kind: 'FORMER_NAME', text, alias: renamed(territory, text) }
  yield* otherCodes(store)

  function* namesIn(table: OtherNames): Generator<Pick<Entry, 'territory' | 'text'>, void> {
    for (const [tier, code, names] of table) {
      const territory = byId(tier, code)
      if (territory !== undefined) for (const text of names) yield { territory, text }
    }
  }
}

/** The tiers whose label says more than the name and where it is. */
const LABELLED: ReadonlySet<Tier> = new Set(['EPCI', 'DEPARTEMENT', 'REGION'])

/** What people copy rather than type: names with what is in brackets, and what is shown of territories in a list. */
export function* labelEntries({ territories }: StoreReader): Generator<Entry, void> {
  for (const territory of territories.all) {
    const own = { territory, kind: 'NAME', alias: null } as const
    if (territory.name.includes('(')) yield { ...own, text: territory.name }
    if (LABELLED.has(territory.tier)) yield { ...own, text: labelOf(territory, territories) }
  }
}

function* ownEntries(territory: Territory): Generator<Entry, void> {
  const { name, code, kind, tier } = territory
  const own = { territory, alias: null }
  yield { ...own, kind: 'CODE', text: code }
  // "CA Intercommunale du Nord de la Réunion (CINOR)", "Redon Agglomération (partie Morbihan)"
  const [plain = name, inBrackets = ''] = name.split(/\s*\(/)
  yield { ...own, kind: 'NAME', text: plain }
  if (tier !== 'EPCI') return
  const type = TYPES_OF_EPCI[kind]
  if (type !== undefined && /^C[ACU] /.test(plain)) yield { ...own, kind: 'NAME', text: `${type} ${plain.slice(3)}` }
  const isSigle = /^[A-Z\d]{3,}\)/.test(inBrackets)
  if (inBrackets !== '') yield { ...own, kind: isSigle ? 'SIGLE' : 'NAME', text: inBrackets.replace(')', '') }
}

/** The names since 1943 under which a commune, or what is a part of one now, was known. */
function* formerNames({ timeline, territories }: StoreReader): Generator<Entry, void> {
  const aliases = Map.groupBy(
    territories.aliases.filter(({ tier }) => tier === 'COMMUNE'),
    ({ code }) => code,
  )
  for (const { code, name } of timeline.names()) {
    const current = territories.byId(`commune:${code}`)
    if (current !== undefined) {
      if (isOther(name, current.name))
        yield { territory: current, kind: 'FORMER_NAME', text: name, alias: renamed(current, name) }
      continue
    }
    for (const alias of aliases.get(code) ?? []) {
      const territory = territories.byId(`commune:${alias.leadsTo}`)
      if (territory === undefined || !isOther(name, alias.name)) continue
      yield { territory, kind: 'FORMER_NAME', text: name, alias: { ...alias, name } }
    }
  }
}

/** Whether a name is another, and not the same with other accents. */
const isOther = (name: string, known: string): boolean => name !== known && fold(name) !== fold(known)

const renamed = ({ tier, code }: Territory, name: string): Alias => ({
  tier,
  code,
  name,
  kind: 'FORMER_NAME',
  leadsTo: code,
})

/** SIREN numbers and postal codes of communes; those of an arrondissement lead to its commune. */
function* otherCodes({ placeCodes, territories }: StoreReader): Generator<Entry, void> {
  const { codes, sirens, postalCodes } = placeCodes()
  // Nobody lives under 75000, 13000 or 69000, which people write for the whole of a city that has arrondissements.
  for (const code of new Set(
    territories.aliases.filter(({ kind }) => kind === 'ARRONDISSEMENT_MUNICIPAL').map(({ leadsTo }) => leadsTo),
  )) {
    const territory = territories.byId(`commune:${code}`)
    const text = `${departementOfCommuneCode(code)}000`
    if (territory !== undefined) yield { territory, kind: 'POSTAL_CODE', text, alias: null }
  }
  const arrondissements = new Map(
    territories.aliases.filter(({ kind }) => kind === 'ARRONDISSEMENT_MUNICIPAL').map((alias) => [alias.code, alias]),
  )
  for (const [place, code] of codes.entries()) {
    const alias = arrondissements.get(code) ?? null
    const territory = territories.byId(`commune:${alias?.leadsTo ?? code}`)
    if (territory === undefined) continue
    const siren = sirens[place] ?? ''
    if (siren !== '') yield { territory, kind: 'CODE', text: siren, alias }
    const postal = postalCodes[place] ?? ''
    if (postal !== '') for (const text of postal.split(' ')) yield { territory, kind: 'POSTAL_CODE', text, alias }
  }
}
