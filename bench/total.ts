import { totalOf } from './kit/documents.ts'
import { questionFigure } from './kit/question.ts'

export default questionFigure({
  name: 'total',
  about:
    'the enrolment of five tiers with its parts, total and provenance (`operations/enrolment-by-tier.graphql`): all five owners',
  questionOf: totalOf,
})
