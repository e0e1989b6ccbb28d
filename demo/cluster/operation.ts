import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import type { Ask } from './ask.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'operations')

/** What each owner answers alone: operations begin with `national`, which knows every territory, so that none of them does without it. */
const OF_ONE_OWNER: Readonly<Record<OwnerName, string>> = {
  commune: 'commune(code: "35238") { name }',
  epci: 'epci(siren: "243500139") { name }',
  departement: 'departement(code: "35") { name }',
  region: 'region(code: "53") { name }',
  national: 'nation { name }',
}

/** A question. */
export interface Document {
  readonly name: string
  readonly text: string
  /** The one subgraph that it may need; absent: as many as it does. */
  readonly alone?: OwnerName
}

/** A document with what is known of it while everything runs. */
export interface Operation extends Document {
  /** The whole answer, written in one way. */
  readonly whole: string
  /** The subgraphs that a gateway asks for it, as its own counts say. */
  readonly needs: ReadonlySet<string>
}

/** The documents of `operations/`, and one of each owner alone. */
export async function readDocuments(): Promise<readonly Document[]> {
  const ofOneOwner = OWNERS.map((name) => ({
    name,
    text: `query Of_${name} { ${OF_ONE_OWNER[name]} }`,
    alone: name,
  }))
  return [...(await readOperations()), ...ofOneOwner]
}

async function readOperations(): Promise<readonly Document[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.graphql')).toSorted()
  return await Promise.all(
    files.map(async (file) => ({
      name: file.replace('.graphql', ''),
      text: await readFile(join(FOLDER, file), 'utf8'),
    })),
  )
}

/** How many communes are asked of which nobody else asks. */
const SELDOM = 20

/**
 * Questions of communes of which nothing else asks: once a subgraph was started anew it holds nothing of them, and must ask the database.
 * @param gateway who is asked which communes there are.
 */
export async function seldomDocuments(gateway: string, ask: Ask): Promise<readonly Document[]> {
  const { data } = (await ask(gateway, `{ departement(code: "35") { communes(first: ${SELDOM}) { nodes { code } } } }`))
    .body
  const { nodes } = (data as { departement: { communes: { nodes: readonly { readonly code: string }[] } } }).departement
    .communes
  return nodes.map(({ code }) => ({
    name: `commune ${code}`,
    text: `query Seldom { commune(code: "${code}") { name schoolEnrolment { primary { value status } } population { value status } } }`,
  }))
}

let number = 0
/** The same question in words that nobody used before: it is not answered from memory. */
export const unheard = (text: string): string => text.replace(/^(query \w+)/m, `$1_${(number += 1)}`)

/** A part of an answer as text: the same answer, the same text. */
export const written = (data: unknown): string => JSON.stringify(data)

/**
 * Asks every document of every gateway, in words of its own, and finds out of the first whom it asks for it.
 * @returns the operations, and where the gateways do not agree, or ask whom they should not.
 */
export async function learn(
  documents: readonly Document[],
  gateways: readonly string[],
  ask: Ask,
): Promise<{ readonly operations: readonly Operation[]; readonly differences: readonly string[] }> {
  const operations: Operation[] = []
  const differences: string[] = []
  const [first = '', ...rest] = gateways
  for (const { name, text, alone } of documents) {
    const before = await callsOf(first)
    const { data, errors } = (await ask(first, unheard(text))).body
    const after = await callsOf(first)
    const whole = written(data)
    if (errors !== undefined) differences.push(`${name} is not whole: ${JSON.stringify(errors).slice(0, 300)}`)
    for (const other of rest) {
      const { body } = await ask(other, unheard(text))
      if (written(body.data) !== whole || body.errors !== undefined)
        differences.push(`${name} is another at ${other}: ${JSON.stringify(body).slice(0, 300)}`)
    }
    const needs = new Set(
      [...after].filter(([owner, calls]) => calls > (before.get(owner) ?? 0)).map(([owner]) => owner),
    )
    const others = alone === undefined ? [] : [...needs].filter((owner) => owner !== alone)
    if (others.length > 0)
      differences.push(`${name} is answered by its owner alone, and ${others.join(', ')} was asked`)
    operations.push({ name, text, whole, needs })
  }
  return { operations, differences }
}

/** How often a gateway has called each subgraph. */
async function callsOf(gateway: string): Promise<ReadonlyMap<string, number>> {
  return readCalls(await (await fetch(`${gateway}/metrics`)).text())
}

/** The calls of each subgraph in what `/metrics` says. */
export function readCalls(metrics: string): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const [, labels = '', count = ''] of metrics.matchAll(/^strates_subgraph_calls_total\{([^}]*)\} (\d+)/gm)) {
    const name = /subgraph="(\w+)"/.exec(labels)?.[1] ?? ''
    calls.set(name, (calls.get(name) ?? 0) + Number(count))
  }
  return calls
}
