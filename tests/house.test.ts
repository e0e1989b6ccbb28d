import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { Kind, parse, visit, type ASTNode } from 'graphql'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { LICENCES } from '../core/observations/licence.ts'
import { findDescriptors } from '../pipeline/descriptors.ts'

const HOUSE = join(import.meta.dirname, '..')
const listed = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: HOUSE, exclude: (name) => name === 'node_modules' })
    .map((name) => name.split(sep).join('/'))
    .toSorted()
const textOf = (name: string): string => readFileSync(join(HOUSE, name), 'utf8')
const files = listed('{clients/*/src,core,demo,gateway,pipeline,subgraphs}/**/*.{ts,js}')

interface Import {
  /** Where it stands: file and line. */
  readonly at: string
  readonly file: string
  /** A path from the root of the house, or the name of a package. */
  readonly target: string
  readonly isPackage: boolean
}

/** Every import, export-from and dynamic import of a literal, with types. */
function importsOf(file: string): readonly Import[] {
  const text = textOf(file)
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => {
    const isPackage = !fileName.startsWith('.')
    const target = isPackage
      ? fileName
      : relative(HOUSE, join(HOUSE, dirname(file), fileName))
          .split(sep)
          .join('/')
    return { at: `${file}:${text.slice(0, pos).split('\n').length}`, file, target, isPackage }
  })
}

const imports = files.flatMap(importsOf)

/** Who may import whom (DESIGN.md, §3): the first row that matches a file decides; `$1` is what its pattern caught. */
const MAY_IMPORT: readonly (readonly [RegExp, readonly string[], string])[] = [
  [/^core\/observations\//, ['core/observations/'], 'the vocabulary begins here'],
  [
    /^core\/territories\//,
    ['core/territories/', 'core/observations/'],
    'downward only: observations know no territory',
  ],
  [/^core\//, ['core/'], 'the store and the environment'],
  [
    /^subgraphs\/(\w+)\/datasets\//,
    ['core/observations/', 'core/territories/', 'subgraphs/$1/datasets/'],
    'a descriptor is data',
  ],
  [
    /^subgraphs\/(main|registry)\.ts$/,
    ['subgraphs/', 'core/'],
    'the process of one subgraph, and the list of the five',
  ],
  [
    /^subgraphs\/(\w+)\//,
    [
      'subgraphs/$1/',
      'subgraphs/kit/',
      'core/observations/',
      'core/territories/',
      'core/store/reader.ts',
      'core/store/manifest.ts',
      'core/signature.ts',
      'core/versions.ts',
    ],
    'never another tier; of the store, the reader and what it shows',
  ],
  [/^clients\/(\w+)\//, ['clients/$1/src/'], 'a client runs elsewhere and speaks HTTP'],
  [
    /^demo\//,
    ['demo/', 'core/environment.ts', 'core/observations/'],
    'it starts the programs as their users do, and speaks HTTP',
  ],
  [/^pipeline\//, ['pipeline/', 'core/', 'subgraphs/*/datasets/'], 'the pipeline knows descriptors, no resolver'],
  [
    /^gateway\/explorer\//,
    ['gateway/explorer/', 'clients/typescript/src/operations.generated.ts'],
    'it runs in a browser and speaks HTTP; of the client, it knows the types of answers',
  ],
  [
    /^gateway\/doors\/(feeds|boundaries)\//,
    ['gateway/', 'operations/', 'core/observations/', 'core/territories/', 'core/store/'],
    'tables and shapes of the store as files',
  ],
  [/^gateway\/doors\//, ['gateway/', 'operations/', 'core/observations/'], "the gateway's execute"],
  [
    /^gateway\/process\/serving\.ts$/,
    ['gateway/', 'core/', 'subgraphs/registry.ts', 'subgraphs/kit/subgraph.ts'],
    'what a worker serves: it opens the store and runs the five subgraphs in itself',
  ],
  [
    /^gateway\/compose\.ts$/,
    ['gateway/', 'core/environment.ts', 'core/observations/'],
    'a program: the secret with which running subgraphs are asked for their schema is in the environment',
  ],
  [
    /^gateway\/(main|mcp|process\/\w+)\.ts$/,
    [
      'gateway/',
      'core/environment.ts',
      'core/observations/',
      'core/snapshots/',
      'core/store/current.ts',
      'core/store/manifest.ts',
      'core/store/quarantine.ts',
      'core/store/refresh.ts',
    ],
    'the processes: the primary knows which version is current, takes newer ones, when a source is due, and reads none',
  ],
  [
    /^gateway\//,
    ['gateway/', 'core/observations/', 'core/signature.ts', 'core/versions.ts', 'subgraphs/registry.ts'],
    'otherwise URLs, called with a signature and a version',
  ],
]

function isAllowed(target: string, allowed: readonly string[], caught: string): boolean {
  return allowed
    .map((prefix) => prefix.replace('$1', caught))
    .some((prefix) => {
      const pattern = prefix
        .split('*')
        .map((part) => part.replace(/[.]/g, '\\.'))
        .join('[^/]+')
      return new RegExp(`^${pattern}${prefix.endsWith('/') ? '' : '$'}`).test(target)
    })
}

describe('who imports whom', () => {
  it('is read from the code: there are files and imports in each part of the house', () => {
    for (const part of ['clients/', 'core/', 'gateway/', 'pipeline/', 'subgraphs/']) {
      expect(imports.filter(({ file, isPackage }) => file.startsWith(part) && !isPackage).length).toBeGreaterThan(5)
    }
    expect(
      imports.find(({ file, target }) => file === 'core/store/open.ts' && target === 'core/store/cubeEngine.ts')?.at,
    ).toMatch(/open\.ts:\d+$/)
  })

  it('is what the table of the design allows', () => {
    const broken = imports
      .filter(({ isPackage }) => !isPackage)
      .flatMap(({ at, file, target }) => {
        const row = MAY_IMPORT.find(([pattern]) => pattern.test(file))
        if (row === undefined) return [`${at} is in no row of the table`]
        const [pattern, allowed, reason] = row
        return isAllowed(target, allowed, pattern.exec(file)?.[1] ?? '')
          ? []
          : [`${at} imports ${target}, against: ${reason}`]
      })
    expect(broken).toEqual([])
  })

  it('lets nothing that serves reach the pipeline, by whatever way', () => {
    const byFile = Map.groupBy(imports, ({ file }) => file)
    const ways: string[] = []
    for (const start of files.filter((file) => /^(gateway|subgraphs|core)\//.test(file))) {
      const seen = new Set([start])
      for (const file of seen)
        for (const { target, isPackage } of byFile.get(file) ?? []) if (!isPackage) seen.add(target)
      ways.push(...[...seen].filter((file) => file.startsWith('pipeline/')).map((file) => `${start} reaches ${file}`))
    }
    expect(ways).toEqual([])
  })

  it('keeps the primary light: it starts the workers, and loads nothing of what they need', () => {
    const reached = new Set(['gateway/main.ts'])
    for (const file of reached)
      for (const { target } of imports.filter((found) => found.file === file)) reached.add(target)
    expect([...reached].filter((name) => !name.startsWith('node:') && !name.includes('/'))).toEqual([
      'zod',
      'pino',
      // Loaded only where a database is named.
      'pg',
      'aws4fetch',
    ])
    expect([...reached].filter((name) => /^(subgraphs|@)/.test(name))).toEqual([])
  })

  it('keeps clients free of packages and of node: what fetches is what the platform has', () => {
    const needed = imports.filter(({ file, isPackage }) => isPackage && file.startsWith('clients/'))
    expect(needed.map(({ at, target }) => `${at}: ${target}`)).toEqual([])
  })

  it('names only files that exist', () => {
    expect(
      imports
        .filter(({ target, isPackage }) => !isPackage && !existsSync(join(HOUSE, target)))
        .map(({ at, target }) => `${at}: ${target}`),
    ).toEqual([])
  })

  it('keeps the vocabulary free of packages, node modules, sockets, files and clocks', () => {
    const pure = /^core\/(territories|observations)\//
    expect(
      imports.filter(({ file, isPackage }) => isPackage && pure.test(file)).map(({ at, target }) => `${at}: ${target}`),
    ).toEqual([])
    const effects = /\b(process|console)\.|\bfetch\(|\bDate\.now\(|\bnew Date\(\)|\bperformance\.|\bMath\.random\(/
    expect(files.filter((file) => pure.test(file) && effects.test(textOf(file)))).toEqual([])
  })

  it('lets only the pipeline write, and who takes what it published: all else of core and subgraphs changes no file', () => {
    const writes =
      /import \{[^}]*\b(writeFile|writeFileSync|rename|renameSync|rm|rmSync|mkdir|mkdirSync|appendFile|createWriteStream)\b[^}]*\} from 'node:fs/
    expect(files.filter((file) => /^(core|subgraphs)\//.test(file) && writes.test(textOf(file)))).toEqual([
      'core/snapshots/pull.ts',
    ])
  })
})

describe('the environment', () => {
  const variables = [...textOf('core/environment.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): z\b/gm)].map(
    ([, name = '']) => name,
  )

  it('is read in one place', () => {
    expect(files.filter((file) => file !== 'core/environment.ts' && /\bprocess\.env\b/.test(textOf(file)))).toEqual([])
  })

  it('is documented in the README, every variable in its table', () => {
    expect(variables).toContain('STRATES_DATA')
    const readme = existsSync(join(HOUSE, 'README.md')) ? textOf('README.md') : ''
    expect(variables.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([])
  })
})

describe('the data', () => {
  it('has a licence, an attribution and an owner, every dataset of it', async () => {
    const found = await findDescriptors()
    expect(found.length).toBeGreaterThan(0)
    const unlicensed = found.filter(({ descriptor }) => {
      const { licence, attribution, roles } = descriptor
      return (
        LICENCES[licence] === undefined || [attribution, ...Object.values(roles)].some((text) => text.trim() === '')
      )
    })
    expect(unlicensed.map(({ file }) => file)).toEqual([])
  })

  it('is described in one file each, named in the folder of its owner', async () => {
    const found = await findDescriptors()
    expect(found.map(({ file }) => file).toSorted()).toEqual(listed('subgraphs/*/datasets/*.ts'))
  })
})

const DESCRIBED: ReadonlySet<string> = new Set([
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.DIRECTIVE_DEFINITION,
])
const ROOTS = ['Query', 'Mutation', 'Subscription']
const schemas = listed('subgraphs/{*/schema,kit/shared}.graphql')

describe('the schemas', () => {
  it('are those of the five subgraphs and what they share', () => {
    expect(schemas).toHaveLength(6)
  })

  // A root type is a list of questions, known to every GraphQL tool by its name; each question is described. A field
  // that is @external is only named: its owner describes it.
  it.each(schemas)('%s describes every type, field, argument and value in a sentence, extensions included', (name) => {
    const bare: string[] = []
    let described = 0
    const check = (node: ASTNode): void => {
      if (!DESCRIBED.has(node.kind) || !('name' in node) || node.name === undefined) return
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION && ROOTS.includes(node.name.value)) return
      if (node.kind === Kind.FIELD_DEFINITION && node.directives?.some(({ name: { value } }) => value === 'external'))
        return
      described += 1
      const text = 'description' in node ? (node.description?.value.trim() ?? '') : ''
      if (!/^\S.*[.:?]$/s.test(text)) bare.push(`${name}:${node.loc?.startToken.line} ${node.name.value}: "${text}"`)
    }
    visit(parse(textOf(name)), { enter: check })
    expect(described).toBeGreaterThan(3)
    expect(bare).toEqual([])
  })
})

describe('generated files', () => {
  const generated = listed(
    '{clients/*/src,core,gateway,pipeline,subgraphs,operations,docs}/**/{*.generated.*,supergraph.graphql,questions.md,schema.md}',
  )

  it('say so in their first line, and how to make them again', () => {
    expect(generated.length).toBeGreaterThan(5)
    const first = (name: string) => textOf(name).split('\n', 1)[0] ?? ''
    expect(generated.filter((name) => !/Generated by `npm run \w+`.*Do not edit/.test(first(name)))).toEqual([])
  })

  it('are made by a script that there is', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const named = new Set(generated.map((name) => /`npm run (\w+)`/.exec(textOf(name))?.[1] ?? name))
    expect([...named].filter((script) => scripts[script] === undefined)).toEqual([])
  })
})

describe('the lockfile', () => {
  interface LockedPackage {
    readonly optionalDependencies?: Readonly<Record<string, string>>
    readonly license?: string
  }
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, LockedPackage> }

  it('holds every optional dependency, so that npm ci works on every platform', () => {
    const missing = Object.entries(packages).flatMap(([, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => packages[`node_modules/${name}`] === undefined),
    )
    expect(missing).toEqual([])
  })

  it('holds no package under a licence that is not open', () => {
    const open = /^\(?(MIT|Apache-2\.0|ISC|BSD|0BSD|CC0|CC-BY|BlueOak|Python-2\.0|Unlicense|MPL-2\.0|WTFPL)/
    const others = Object.entries(packages).filter(
      ([name, { license }]) => name !== '' && license !== undefined && !open.test(license),
    )
    expect(others.map(([name, { license }]) => `${name}: ${license}`)).toEqual([])
  })
})
