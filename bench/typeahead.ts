import type { Figure } from './kit/figure.ts'

export default {
  name: 'typeahead',
  about: 'the territories whose name begins with some letters',
  async measure() {
    return [{ what: 'typeahead', value: 'not built yet', beside: '', target: '', detail: '' }]
  },
} satisfies Figure
