import { listOf } from './kit/documents.ts'
import { questionFigure } from './kit/question.ts'

export default questionFigure({
  name: 'list',
  about: 'the communes of a département, about 330, each with population, EPCI and primary enrolment: four owners',
  questionOf: listOf,
  targets: { cold: 0.75 },
})
