import { printSchema, type GraphQLSchema } from 'graphql'
import type { Visit } from '../../routes.ts'
import type { Execute } from '../execute.ts'
import { readCatalog } from '../catalog.ts'
import type { Feeds } from '../feeds/feeds.ts'

/** A document that a model may read beside asking questions. */
export interface Resource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
  /** Undefined where its owner did not answer. */
  read(visit: Visit): Promise<string | undefined>
}

/** Where the documents come from. */
export interface ResourceSources {
  readonly schema: GraphQLSchema
  /** Whether the schema has a catalogue. */
  readonly hasCatalogue: boolean
  readonly executorOf: (requestId: string) => Execute
  /** Absent where the gateway has no store of its own. */
  readonly feeds: (() => Feeds) | undefined
}

/** The schema, and where there are any, the catalogue and the list of whole tables. */
export function resourcesOf({ schema, hasCatalogue, executorOf, feeds }: ResourceSources): readonly Resource[] {
  let sdl: string | undefined
  return [
    {
      uri: 'strates://schema',
      name: 'schema',
      title: 'The schema',
      description: 'Every type and field with its description, in the schema definition language of GraphQL.',
      mimeType: 'text/plain',
      read: async () => (sdl ??= printSchema(schema)),
    },
    ...(hasCatalogue ? [catalogue(executorOf)] : []),
    ...(feeds === undefined ? [] : [feedList(feeds)]),
  ]
}

const catalogue = (executorOf: ResourceSources['executorOf']): Resource => ({
  uri: 'strates://catalogue',
  name: 'catalogue',
  title: 'The catalogue of datasets',
  description: 'Every dataset with its owner, licence, periods and version, as DCAT-AP in JSON-LD.',
  mimeType: 'application/ld+json',
  read: async ({ origin, requestId }) => await readCatalog(executorOf(requestId), origin),
})

const feedList = (feeds: () => Feeds): Resource => ({
  uri: 'strates://feeds',
  name: 'feeds',
  title: 'Whole tables as files',
  description: 'The tables that can be had whole at /v1/feeds/, for what is too long for an answer here.',
  mimeType: 'application/json',
  async read({ origin }) {
    const { list } = feeds()
    return JSON.stringify(list.map((feed) => ({ ...feed, href: `${origin}/v1/feeds/${feed.name}` })))
  },
})
