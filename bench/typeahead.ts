import { openStore } from '../core/store/open.ts'
import { createSearch } from '../subgraphs/national/search/search.ts'
import { typeaheadOf } from './kit/documents.ts'
import { spreadOf, written, type Bench, type Figure, type Row } from './kit/figure.ts'
import { questionFigure } from './kit/question.ts'

const ROUNDS = 5

const asked = questionFigure({
  name: 'typeahead',
  about:
    'the ten likeliest territories for what is typed (`operations/search.graphql`), 2,000 texts in turn: one owner',
  questionOf: typeaheadOf,
  targets: { perCore: 1500 },
})

export default {
  ...asked,
  async measure(bench) {
    return [...(await asked.measure(bench)), await alone(bench)]
  },
} satisfies Figure

/** The search without GraphQL, and what its index takes. */
async function alone({ data }: Bench): Promise<Row> {
  const store = await openStore(data, ['national'])
  const texts = typeaheadOf(store).cases.map(({ text = '' }) => text)
  const [building, search] = time(() => createSearch(store.reader('national')))
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [milliseconds] = time(() => texts.reduce((sum, text) => sum + search({ text, first: 10 }).length, 0))
    return (texts.length / milliseconds) * 1000
  })
  return {
    what: 'typeahead, the search alone',
    value: `${written(spreadOf(rounds), 0)} a second`,
    beside: '',
    target: '',
    detail: `index made in ${building.toFixed(0)} ms`,
  }
}

function time<Result>(work: () => Result): readonly [milliseconds: number, result: Result] {
  const started = performance.now()
  const result = work()
  return [performance.now() - started, result]
}
