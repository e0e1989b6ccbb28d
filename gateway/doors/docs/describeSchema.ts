import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  print,
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql'

/** The parts of the page. A type stands in the first group that names it; the last one takes pages of lists. */
const GROUPS: readonly { readonly title: string; readonly about: string; readonly types: RegExp }[] = [
  {
    title: 'Territories',
    about: 'A place of any tier, and the six kinds of it.',
    types:
      /^(Territory|Tier|TerritoryKind|Commune|Epci|Departement|Region|Nation|Grouping|TerritoryAlias|TerritoryAliasKind|EpciIn.+|Competence|CompetenceStatus|SchoolCycle)$/,
  },
  {
    title: 'Enrolment',
    about: 'Pupils of one territory and rentrée, each cycle by its owner, and what breaks them down.',
    types: /^(SchoolEnrolment|BreakdownCell|Dimension|DimensionValue|Sector)$/,
  },
  {
    title: 'Observations and provenance',
    about: 'One number, what it is worth and where it comes from.',
    types:
      /^(Observation|ObservationStatus|Method|Coverage|Provenance|Owner|Licence|Conversion|ConversionInput|MissingMember|MissingMemberKind|MissingReason|MeasureCell|.+MeasureCell|Reconciliation|Verdict)$/,
  },
  {
    title: 'Schools',
    about: 'One école, collège or lycée, with the facts that the directory tells of it.',
    types: /^School|^LocateMethod$/,
  },
  {
    title: 'Measures, datasets and who owns them',
    about: 'The catalogue.',
    types:
      /^(Measure|Dataset|DatasetVersion|DatasetParts|VersionLevel|ValueChange|Quarantine|OwnershipRule|Freshness|Additivity)$/,
  },
  {
    title: 'Search, rankings and peers',
    about: 'Finding a territory, and holding it beside others.',
    types: /^(Search.+|Rank.+|Unranked.+|TerritoryRank|StatusCount|Quartiles|Peers|Peer)$/,
  },
  {
    title: 'Territories in time',
    about: 'What a code of before is today, and what happened between.',
    types:
      /^(CommuneResolution|CommuneName|CommuneStanding|ResolvedCommune|ShareQuality|CommuneChange|CommuneChangeKind|Epci(Change|Resolution|Share|State|Standing|Weighing).*)$/,
  },
  {
    title: 'Filters and orders',
    about: 'What lists of communes take in `where` and `orderBy`.',
    types: /^(.+Filter|CommuneOrder|CommuneOrderBy)$/,
  },
  { title: 'Scalars', about: 'Values written as text.', types: /^(Day|DateTime)$/ },
]

const PAGES = {
  title: 'Pages of lists',
  about:
    'Long lists come in pages: `nodes` are the entries, `edges` the entries with their cursors, `pageInfo` says whether more follow. Give `endCursor` as `after`.',
  types: /(Connection|Edge|^PageInfo)$/,
}

/** A plug-in of graphql-codegen: the page `docs/schema.md`, every question and type with the descriptions that the schema has. */
export function plugin(schema: GraphQLSchema): string {
  const query = schema.getQueryType()
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.includes('__') && !isSpecifiedScalarType(type) && type !== query)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const groups = [...GROUPS, PAGES].map((group) => ({
    ...group,
    members: types.filter((type) => groupOf(type) === group.title),
  }))
  return `
# Schema

Every question and every type of the API, with what the schema itself says of them; [GraphiQL](http://127.0.0.1:4000/graphiql) shows the same while you
write. \`!\` means never null, \`[…]\` a list. A field that another owner answers may be null: then \`errors\` says who did not. What the words mean
is told in [concepts](concepts.md), what a question costs in [limits](limits.md).

- [Questions](#questions): where every request begins
${groups.map(({ title, about }) => `- [${title}](#${slugOf(title)}): ${about}`).join('\n')}

## Questions

${query ? questions(query) : ''}
${groups.map(({ title, about, members }) => `## ${title}\n\n${about}\n\n${members.map(typeSection).join('\n')}`).join('\n')}`
}

function groupOf({ name }: GraphQLNamedType): string {
  if (PAGES.types.test(name)) return PAGES.title
  const group = GROUPS.find(({ types }) => types.test(name))
  if (group === undefined) {
    throw new Error(
      `The type ${name} has no place in docs/schema.md. Expected: a group that names it. Add it to GROUPS in gateway/doors/docs/describeSchema.ts.`,
    )
  }
  return group.title
}

function questions(query: GraphQLObjectType): string {
  const fields = Object.values(query.getFields()).toSorted((left, right) => (left.name < right.name ? -1 : 1))
  return fields
    .map(
      (field) => `### Query.${field.name}

${lineOf(field.description)}

Gives ${typeLink(field.type)}${answeredBy(field)}.
${field.args.length === 0 ? '' : `\n${tableOf(['argument', 'type', 'meaning'], field.args.map(inputRow))}`}`,
    )
    .join('\n')
}

function typeSection(type: GraphQLNamedType): string {
  return `### ${type.name}\n\n${lineOf(type.description)}\n\n${bodyOf(type)}`
}

function bodyOf(type: GraphQLNamedType): string {
  if (isScalarType(type)) return ''
  if (isEnumType(type)) {
    return tableOf(
      ['value', 'meaning'],
      type.getValues().map(({ name, description }) => [`\`${name}\``, lineOf(description)]),
    )
  }
  if (isInputObjectType(type)) {
    return tableOf(['field', 'type', 'meaning'], Object.values(type.getFields()).map(inputRow))
  }
  return isObjectType(type) || isInterfaceType(type) ? fieldsOf(type) : ''
}

/** The fields of a type; those that it has from an interface, word for word, are told there. */
function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): string {
  const interfaces = type.getInterfaces()
  const inherited = new Set(interfaces.flatMap((one) => Object.values(one.getFields()).map(signatureOf)))
  const own = Object.values(type.getFields()).filter((field) => !inherited.has(signatureOf(field)))
  const links = interfaces.map((one) => typeLink(one)).join(' and ')
  const intro = interfaces.length === 0 ? '' : `It has all that ${links} has${own.length > 0 ? ', and:' : '.'}\n\n`
  if (own.length === 0) return intro
  const isShared = own.every((field) => ownersOf(field).length === 0)
  const rows = own.flatMap((field) => [
    [
      `\`${field.name}\``,
      typeLink(field.type),
      ...(isShared ? [] : [ownersOf(field).join(', ')]),
      lineOf(field.description),
    ],
    ...field.args.map((argument) => {
      const [, given = '', meaning = ''] = inputRow(argument)
      return [`\`${field.name}(${argument.name}:)\``, given, ...(isShared ? [] : ['']), meaning]
    }),
  ])
  return intro + tableOf(['field', 'type', ...(isShared ? [] : ['answered by']), 'meaning'], rows)
}

const signatureOf = ({ name, type, args, description }: GraphQLField<unknown, unknown>): string =>
  [name, type, description, ...args.map((one) => `${one.name} ${one.type} ${one.description}`)].join('\n')

function inputRow({ name, type, description, astNode }: GraphQLArgument | GraphQLInputField): readonly string[] {
  const byDefault = astNode?.defaultValue === undefined ? '' : ` = \`${print(astNode.defaultValue)}\``
  return [`\`${name}\``, `${typeLink(type)}${byDefault}`, lineOf(description)]
}

const answeredBy = (field: GraphQLField<unknown, unknown>): string => {
  const owners = ownersOf(field)
  return owners.length === 0 ? '' : `, answered by \`${owners.join('`, `')}\``
}

/** The subgraphs that answer a field; none where all that know the type do. */
function ownersOf({ astNode }: GraphQLField<unknown, unknown>): readonly string[] {
  return (astNode?.directives ?? [])
    .filter(({ name }) => name.value === 'join__field')
    .filter((directive) => argumentOf(directive, 'external') !== 'true')
    .flatMap((directive) => argumentOf(directive, 'graph')?.toLowerCase() ?? [])
}

function argumentOf({ arguments: given = [] }: ConstDirectiveNode, name: string): string | undefined {
  const found = given.find((one) => one.name.value === name)
  return found && print(found.value)
}

/** A type, with a link to where it is told; the types that every schema has need none. */
function typeLink(type: GraphQLType): string {
  const named = getNamedType(type)
  return isSpecifiedScalarType(named) ? `\`${type}\`` : `[\`${type}\`](#${named.name.toLowerCase()})`
}

/** The id that a heading has in the page. */
const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-')

const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `| ${heads.join(' | ')} |\n|${heads.map(() => '---').join('|')}|\n${rows.map((cells) => `| ${cells.map(cellOf).join(' | ')} |`).join('\n')}\n`

const cellOf = (text: string): string => text.replaceAll('|', '\\|')

/** A description on one line. */
const lineOf = (text: string | null | undefined): string => (text ?? '').trim().replaceAll(/\s*\n\s*/g, ' ')
