import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { findDescriptors } from '../../pipeline/descriptors.ts'
import { ingest } from '../../pipeline/ingest.ts'
import { createCogSource } from '../../pipeline/sources/cog.ts'
import { createFolderSource } from '../../pipeline/sources/folder.ts'
import { silent } from '../../pipeline/sources/progress.ts'
import type { SourceFile } from '../../pipeline/sources/source.ts'
import { readSupergraph, subgraphsOver } from '../federation/federation.ts'
import { embeddedCog } from '../core/territories/embedded.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'adding-a-dataset.md')
const FILE = 'bibliotheques-prets.ts'

// Five communes with invented loans; two share an EPCI that spans two départements.
const CSV = `annee;code_insee;commune;prets
2024;35238;Rennes;812 000
2024;35051;Cesson-Sévigné;96500
2024;35093;Dinard;30000
2024;22094;Lancieux;4000
2024;22016;Île-de-Bréhat;
`

describe('the page on adding a dataset', () => {
  let folder: string
  let app: App
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-adding-'))
    const page = await readFile(PAGE, 'utf8')
    const descriptor = page.split('```ts\n')[1]?.split('```')[0] ?? ''
    await mkdir(join(folder, 'subgraphs', 'commune', 'datasets'), { recursive: true })
    await writeFile(join(folder, 'subgraphs', 'commune', 'datasets', FILE), descriptor)
    await mkdir(join(folder, 'from'))
    await writeFile(join(folder, 'from', 'bibliotheques-prets.csv'), CSV)
    await ingestWith(folder)
    const subgraphs = subgraphsOver(await openStore(join(folder, 'data'), OWNERS))
    const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])))
    app = createApp({ engine: createEngine({ supergraphSdl: await readSupergraph(), transports }), log: SILENT })
    await app.ready
  })
  afterAll(async () => {
    await app?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('makes figures answer at all five tiers with one file and no other change', async () => {
    const ids = ['commune:35238', 'epci:243500139', 'departement:35', 'region:53', 'nation:FR']
    const query = `{ territories(ids: ${JSON.stringify(ids)}) { id observations(measures: ["library-loans"]) { period observation { value status coverage { expected reported } provenance { owner { name } datasetId } } } } }`
    const { body } = await app.handle({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = JSON.parse(String(body))
    expect(errors).toBeUndefined()
    const found = data.territories.map(
      ({ observations: [cell] }: { observations: [{ observation: object }] }) => cell.observation,
    )
    expect(found).toMatchObject([
      { value: 812_000, status: 'NORMAL', coverage: { expected: 1, reported: 1 } },
      { value: 908_500, status: 'PARTIAL', coverage: { expected: 43, reported: 2 } },
      { value: 938_500, status: 'PARTIAL', coverage: { reported: 3 } },
      { value: 942_500, status: 'PARTIAL', coverage: { reported: 4 } },
      { value: 942_500, status: 'PARTIAL', coverage: { reported: 4 } },
    ])
    for (const { provenance } of found) {
      expect(provenance).toEqual({ owner: { name: 'Communes' }, datasetId: 'bibliotheques-prets' })
    }
  })
})

async function ingestWith(root: string): Promise<void> {
  const cog = embeddedCog()
  const descriptors = [...(await findDescriptors()), ...(await findDescriptors(join(root, 'subgraphs')))]
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const files = new Map<string, readonly SourceFile[]>()
  for (const { descriptor } of descriptors) {
    const source =
      descriptor.source.kind === 'cog'
        ? createCogSource(connection, cog.vintages)
        : createFolderSource(join(root, 'from'))
    const request = { datasetId: descriptor.id, fileNames: descriptor.fileNames }
    files.set(descriptor.id, await source.fetch(request, { folder: join(root, 'data', 'sources'), progress: silent }))
  }
  connection.closeSync()
  instance.closeSync()
  await ingest({ data: join(root, 'data'), cog, descriptors, files, absent: new Map(), simulated: false, feeds: false })
}
