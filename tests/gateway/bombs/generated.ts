/** Bombs too large or too regular to write down: a name, the code that refuses it, and the body of the request. */
export interface Bomb {
  readonly name: string
  readonly code: string
  readonly body: string
}

const times = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join(' ')
const query = (text: string, more: object = {}) => JSON.stringify({ query: text, ...more })
const nested = (depth: number): string => (depth === 0 ? 'name' : `departement { ${nested(depth - 1)} }`)
const listIn = (depth: number): unknown => (depth === 0 ? 1 : [listIn(depth - 1)])

/** Fragments that each spread the next one so many times: as many selections as `spreads` to the power of `levels`. */
const doubling = (levels: number, spreads: (next: string) => string) =>
  `{ nation { ...F0 } } ${times(levels, (i) => `fragment F${i} on Nation { ${i === levels - 1 ? 'name' : spreads(`F${i + 1}`)} }`)}`

/** Fields inside each other, each twice: validation compares each with each. */
const twins = (depth: number): string => (depth === 0 ? 'name' : times(2, () => `nation { ${twins(depth - 1)} }`))

export const GENERATED: readonly Bomb[] = [
  // fragments
  {
    name: 'doubled spreads, 1 KB',
    code: 'TOO_MANY_SELECTIONS',
    body: query(doubling(24, (next) => `...${next} ...${next}`)),
  },
  {
    name: 'doubled spreads inside fields',
    code: 'TOO_MANY_SELECTIONS',
    body: query(doubling(24, (next) => `a: nation { ...${next} } ...${next}`)),
  },
  {
    name: 'doubled spreads inside inline fragments',
    code: 'TOO_MANY_SELECTIONS',
    body: query(doubling(22, (next) => `... on Nation { ...${next} } ... { ...${next} }`)),
  },
  {
    name: 'fragments spread a hundred times',
    code: 'TOO_MANY_SELECTIONS',
    body: query(doubling(6, (next) => times(100, () => `...${next}`))),
  },
  {
    name: 'doubled spreads that no operation uses',
    code: 'TOO_MANY_SELECTIONS',
    body: query(doubling(30, (next) => `...${next} ...${next}`).replace('{ nation { ...F0 } }', '{ nation { name } }')),
  },
  {
    name: '200 unused fragments',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ nation { name } } ${times(200, (i) => `fragment F${i} on Nation { name }`)}`),
  },
  {
    name: 'fragments that all spread each other',
    code: 'FRAGMENT_CYCLE',
    body: query(
      `{ nation { ...F0 } } ${times(20, (i) => `fragment F${i} on Nation { ${times(20, (j) => `...F${j}`)} }`)}`,
    ),
  },
  // width and depth
  {
    name: 'a thousand aliases',
    code: 'TOO_MANY_TOKENS',
    body: query(`{ ${times(1000, (i) => `a${i}: __typename`)} }`),
  },
  {
    name: 'graphql-cop: 101 aliases',
    code: 'TOO_MANY_ALIASES',
    body: query(`query cop { ${times(101, (i) => `alias${i}:__typename`)} }`),
  },
  {
    name: 'aliases through fragments',
    code: 'TOO_MANY_ALIASES',
    body: query(`{ nation { ${times(20, () => '...F')} } } fragment F on Nation { a: name b: code }`),
  },
  {
    name: 'graphql-cop: a field 500 times',
    code: 'TOO_MANY_ROOT_FIELDS',
    body: query(`query cop { ${times(500, () => '__typename')} }`),
  },
  {
    name: 'a field 1,900 times below the root',
    code: 'TOO_MANY_REPEATS',
    body: query(`{ nation { ${times(1900, () => 'name')} } }`),
  },
  { name: 'twins inside twins', code: 'TOO_MANY_REPEATS', body: query(`{ commune(code: "35238") { ${twins(8)} } }`) },
  {
    name: 'a hundred questions',
    code: 'TOO_MANY_ROOT_FIELDS',
    body: query(`{ ${times(100, () => '... { nation { name } }')} }`),
  },
  {
    name: 'graphql-cop: a directive ten times',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`query cop { __typename ${times(10, () => '@aa')} }`),
  },
  {
    name: 'a directive 900 times',
    code: 'TOO_MANY_DIRECTIVES',
    body: query(`{ nation { name ${times(900, () => '@aa')} } }`),
  },
  {
    name: '@skip noise through fragments',
    code: 'TOO_MANY_DIRECTIVES',
    body: query(
      `query ($s: Boolean!) { nation { ${times(10, () => '...F @skip(if: $s)')} } } fragment F on Nation { ${times(5, () => 'name @include(if: $s)')} }`,
      { variables: { s: false } },
    ),
  },
  { name: '600 levels', code: 'TOO_DEEP', body: query(`{ commune(code: "35238") { ${nested(600)} } }`) },
  { name: '30,000 levels of braces', code: 'TOO_MANY_TOKENS', body: query(`${'{a'.repeat(30_000)}`) },
  {
    name: '20,000 brackets of a list',
    code: 'TOO_MANY_TOKENS',
    body: query(`{ territories(ids: ${'['.repeat(20_000)}`),
  },
  { name: '410 operations', code: 'TOO_MANY_TOKENS', body: query(times(410, (i) => `query Q${i} { __typename }`)) },
  {
    name: '300 operations without a name',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(times(300, () => '{ __typename }')),
  },
  {
    name: 'operations that share a large fragment',
    code: 'TOO_MANY_SELECTIONS',
    body: query(
      `${times(60, (i) => `query Q${i} { nation { ...F } }`)} fragment F on Nation { ${times(120, () => 'name')} }`,
    ),
  },
  {
    name: 'introspection 25 levels deep',
    code: 'TOO_DEEP',
    body: query(`{ __schema { types { ${'ofType { '.repeat(22)} name ${'} '.repeat(22)} } } }`),
  },
  // no GraphQL
  { name: 'graphql-cop: a word that is no document', code: 'GRAPHQL_PARSE_FAILED', body: query('qwerty') },
  {
    name: 'a string that does not end',
    code: 'GRAPHQL_PARSE_FAILED',
    body: query('{ commune(code: "35238) { name } }'),
  },
  {
    name: 'definitions of a schema',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ nation { name } } ${times(300, (i) => `scalar S${i}`)}`),
  },
  // size
  { name: 'a body of a megabyte', code: 'BODY_TOO_LARGE', body: query(`{ ${'a '.repeat(500_000)} }`) },
  { name: 'a document of 49,000 words', code: 'TOO_MANY_TOKENS', body: query(`{ ${'a '.repeat(49_000)} }`) },
  { name: 'a name of 90,000 characters', code: 'TEXT_TOO_LONG', body: query(`{ ${'a'.repeat(90_000)} }`) },
  {
    name: 'a string of 90,000 characters',
    code: 'TEXT_TOO_LONG',
    body: query(`{ commune(code: "${'9'.repeat(90_000)}") { name } }`),
  },
  {
    name: 'an integer of 90,000 digits',
    code: 'TEXT_TOO_LONG',
    body: query(`{ commune(code: "35238", at: ${'9'.repeat(90_000)}) { name } }`),
  },
  {
    name: 'an integer of 900 digits',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ commune(code: "35238", at: ${'9'.repeat(900)}) { name } }`),
  },
  {
    name: 'a list of 1,900 ids',
    code: 'COST_TOO_HIGH',
    body: query(
      `{ territories(ids: [${times(1900, () => '"nation:FR"')}]) { name population { value } schoolEnrolment { total { provenance { owner { name } } } } } }`,
    ),
  },
  {
    name: '70 KB of comments and commas',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ ${'#,,,\n'.repeat(12_000)} nothing }`),
  },
  // errors
  {
    name: '600 unknown fields',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ nation { ${times(600, (i) => `nmae${i}`)} } }`),
  },
  {
    name: '300 unknown arguments',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ commune(${times(300, (i) => `cod${i}: 1`)}) { name } }`),
  },
  {
    name: 'graphql-cop: field suggestions',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query('query cop { __schema { directive } }'),
  },
  // beside the document
  {
    name: 'graphql-cop: a batch of ten',
    code: 'BATCHING_REFUSED',
    body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
  },
  {
    name: '5,000 variables',
    code: 'VARIABLES_TOO_LARGE',
    body: query('{ nation { name } }', {
      variables: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`v${i}`, i])),
    }),
  },
  {
    name: '20,000 ids by variable',
    code: 'VARIABLES_TOO_LARGE',
    body: query('query ($ids: [ID!]!) { territories(ids: $ids) { name } }', {
      variables: { ids: Array.from({ length: 20_000 }, () => '1') },
    }),
  },
  {
    name: '40,000 lists inside each other',
    code: 'VARIABLES_TOO_LARGE',
    body: `{"query":"{ nation { name } }","variables":{"x":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
  },
  {
    name: 'a variable of 90,000 characters',
    code: 'TEXT_TOO_LONG',
    body: query('query ($c: ID!) { commune(code: $c) { name } }', { variables: { c: '9'.repeat(90_000) } }),
  },
  {
    name: 'one variable echoed by 20 questions',
    code: 'TEXT_TOO_LONG',
    body: query(`query ($c: ID!) { ${times(20, (i) => `a${i}: commune(code: $c) { name }`)} }`, {
      variables: { c: 'x'.repeat(4000) },
    }),
  },
  {
    name: 'variables of wrong types',
    code: 'BAD_USER_INPUT',
    body: query(
      `query (${times(100, (i) => `$v${i}: Int!`)}) { nation { ${times(29, (i) => `a${i}: population(year: $v${i}) { value }`)} } }`.replace(
        /\$v(29|[3-9]\d): Int!/g,
        '',
      ),
      { variables: { v0: listIn(5), v1: {}, v2: 'x' } },
    ),
  },
  {
    name: 'a name of an operation of 90,000 characters',
    code: 'TEXT_TOO_LONG',
    body: query('query A { __typename }', { operationName: 'x'.repeat(90_000) }),
  },
  {
    name: 'a persisted query that nobody registered',
    code: 'PERSISTED_QUERY_NOT_FOUND',
    body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }),
  },
  {
    name: 'keys that are prototypes',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: '{"query":"{ constructor { __proto__ } }","variables":{"__proto__":{"toString":1},"constructor":{"prototype":1}}}',
  },
]
