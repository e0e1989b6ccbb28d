import { pointOf } from './kit/documents.ts'
import { questionFigure } from './kit/question.ts'

export default questionFigure({
  name: 'point',
  about: 'a commune with its EPCI, département, population and primary enrolment: three owners',
  questionOf: pointOf,
  targets: { cold: 0.75, cached: 0.7, overHttp: 0.35 },
})
