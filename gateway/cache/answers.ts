import { LRUCache } from 'lru-cache'
import { readDatasets } from '../engine/datasets.ts'
import { etagOf } from '../http/etag.ts'
import type { SharedCache } from './shared.ts'

/** A complete answer, as it is sent. */
export interface Answer {
  /** JSON in UTF-8, the same for every client: without what is left to one of them. */
  readonly body: Uint8Array
  /** A hash of the body, in quotes. */
  readonly etag: string
  /** When it was made, in milliseconds since 1970. */
  readonly madeAt: number
  readonly facts: AnswerFacts
}

/** What is counted of an answer each time that it is given. */
export interface AnswerFacts {
  /** The name of the operation; empty where it has none. */
  readonly operation: string
  /** What it cost to make, in points. */
  readonly requested: number
  /** The datasets that its figures come from, sorted. */
  readonly datasets: readonly string[]
}

/** Answers kept as bytes, so that a repeated question costs next to nothing. */
export interface Answers {
  /** The answer under a key, from the memory of this process. */
  find(key: string): Answer | undefined
  /** The answer under a key, from what all processes share; undefined at once where nothing is shared. */
  fetch(key: string): Promise<Answer | undefined>
  keep(key: string, answer: Answer): void
  /** Bytes kept in the memory of this process. */
  readonly bytes: number
  /** How many those are. */
  readonly entries: number
}

/** Options of {@link createAnswers}. */
export interface AnswersOptions {
  /** The most bytes kept in memory; the answer not asked for longest goes first. 0 keeps nothing. */
  readonly bytes: number
  /** What other processes can read too. */
  readonly shared?: SharedCache | undefined
}

/** What an entry takes beside its body: key, hash, numbers. */
const ENTRY_BYTES = 500

/** The part of the memory that one answer may take. */
const LARGEST_SHARE = 8

/** Makes a store of answers. */
export function createAnswers({ bytes, shared }: AnswersOptions): Answers {
  const kept =
    bytes > 0
      ? new LRUCache<string, Answer>({
          maxSize: bytes,
          maxEntrySize: Math.ceil(bytes / LARGEST_SHARE),
          sizeCalculation,
        })
      : undefined

  return {
    get bytes() {
      return kept?.calculatedSize ?? 0
    },
    get entries() {
      return kept?.size ?? 0
    },
    find: (key) => kept?.get(key),
    async fetch(key) {
      const text = await shared?.get(key)
      const answer = text === undefined ? undefined : parsed(text)
      if (answer) kept?.set(key, answer)
      return answer
    },
    keep(key, answer) {
      kept?.set(key, answer)
      shared?.set(key, written(answer))
    },
  }
}

const sizeCalculation = ({ body }: Answer): number => body.byteLength + ENTRY_BYTES

/** An answer of these bytes, made now. */
export function answerOf(body: Uint8Array, madeAt: number, facts: AnswerFacts): Answer {
  return { body, etag: etagOf(body), madeAt, facts }
}

function written({ body, madeAt, facts }: Answer): string {
  return JSON.stringify({ body: Buffer.from(body).toString('utf8'), madeAt, facts })
}

/** Undefined for what is no answer of ours, or of another release. */
function parsed(text: string): Answer | undefined {
  try {
    const { body, madeAt, facts } = JSON.parse(text) as { body: string; madeAt: number; facts: AnswerFacts }
    const isWhole = typeof body === 'string' && Number.isFinite(madeAt) && areFacts(facts)
    return isWhole ? answerOf(Buffer.from(body), madeAt, facts) : undefined
  } catch {
    return undefined
  }
}

/** What others wrote there is counted under names of ours: it must be such names. */
const areFacts = ({ operation, requested, datasets }: AnswerFacts): boolean =>
  typeof operation === 'string' && Number.isFinite(requested) && readDatasets(datasets).length === datasets.length
