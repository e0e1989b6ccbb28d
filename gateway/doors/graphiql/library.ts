import { readFileSync } from 'node:fs'
import type { AssetSource } from '../assets.ts'

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

const own = (name: string): string => readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8')

/** The workers of the editor, by the label under which it asks for each. */
export const WORKERS = {
  editorWorkerService: 'editor-worker.js',
  json: 'json-worker.js',
  graphql: 'graphql-worker.js',
} as const

/**
 * The files of the page: GraphiQL with its editor, in pieces, and what is ours. Nine megabytes, so that they are read when the page
 * is first asked for.
 */
export async function readFiles(): Promise<readonly AssetSource[]> {
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } =
    await import('@graphql-yoga/render-graphiql/graphiql')
  return [
    { name: 'graphiql.js', mediaType: SCRIPT, content: js },
    { name: 'graphiql.css', mediaType: STYLE, content: css },
    { name: WORKERS.editorWorkerService, mediaType: SCRIPT, content: editorWorkerService },
    { name: WORKERS.json, mediaType: SCRIPT, content: jsonWorker },
    { name: WORKERS.graphql, mediaType: SCRIPT, content: graphqlWorker },
    { name: 'page.js', mediaType: SCRIPT, content: own('page.js') },
    { name: 'page.css', mediaType: STYLE, content: own('page.css') },
  ]
}
