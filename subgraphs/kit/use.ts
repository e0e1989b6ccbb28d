import type { ApolloServerPlugin } from '@apollo/server'
import type { Observation, Provenance } from '../../core/observations/observation.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'

/** A reader that remembers which datasets it gave figures of. */
export interface WatchedReader {
  readonly store: StoreReader
  /** Notes a dataset of which something else than a figure was given: the facts of a school. */
  note(id: string): void
  /** Their ids so far, sorted. Of a sum or a ratio, those of what it was made of; of a value that is absent, none. */
  datasets(): readonly string[]
}

/** Watches a reader during one execution, so that the gateway can count which datasets are reused. */
export function watchUse(store: StoreReader): WatchedReader {
  const ids = new Set<string>()
  const watch = <Seen extends Observation>(observation: Seen): Seen => {
    if (observation.value !== null) noteSources(observation.provenance)
    return observation
  }
  // All else is the reader's own.
  const watched: StoreReader = Object.assign(Object.create(store), {
    observe: (...asked) => watch(store.observe(...asked)),
    observeSchool: (...asked) => watch(store.observeSchool(...asked)),
    async valuesOf(...asked) {
      const values = await store.valuesOf(...asked)
      return { ...values, observe: (territory) => watch(values.observe(territory)) }
    },
    breakDown(...asked) {
      const parts = store.breakDown(...asked)
      for (const { observation } of parts) watch(observation)
      return parts
    },
  } satisfies Partial<StoreReader>)
  return { store: watched, note: (id) => void ids.add(id), datasets: () => [...ids].toSorted() }

  function noteSources({ datasetId, inputs }: Provenance): void {
    if (inputs.length === 0) ids.add(datasetId)
    else for (const input of inputs) noteSources(input)
  }
}

/** A plug-in of Apollo Server that says in `extensions.datasets` of each answer which datasets its figures come from. */
export const usePlugin: ApolloServerPlugin<SubgraphContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response: { body } }) {
        if (body.kind === 'single') Object.assign(body.singleResult, extensionsOf(contextValue))
      },
    }
  },
}

/** What a subgraph tells the gateway beside its answer; nothing where no dataset gave a figure. */
export function extensionsOf({ datasets }: SubgraphContext): { extensions?: { datasets: readonly string[] } } {
  const ids = datasets()
  return ids.length === 0 ? {} : { extensions: { datasets: ids } }
}
