import { html } from 'lit-html'
import { ask } from '../ask.js'
import { choice } from '../choice.js'
import { lines, seriesTable } from '../draw/lines.js'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { section } from '../section.js'
import { state } from '../state.js'
import { named, words } from '../words/words.js'
import { CYCLES } from './cycles.js'

/**
 * @import { EnrolmentSeriesQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { AnswerError } from '../answers.d.ts'
 * @typedef {NonNullable<EnrolmentSeriesQuery['territory']>} Territory
 */

/** The geographies on which a series can be asked beside that of today, the newest first. */
const GEOGRAPHIES = [2025, 2024, 2023, 2022, 2021, 2020, 2019]

/** The pupils of each cycle over the years. @param {string} id */
export function series(id) {
  const w = words()
  const variables = { id, geography: state.year('geography') }
  return section(
    {
      id: 'series',
      title: w.territory.series,
      asked: ask('enrolment-series', variables),
      lead: html`<div class="controls">${geographyChoice(variables.geography)}</div>`,
      foot: same('enrolment-series', variables, w.territory.series),
    },
    ({ data, errors }) => (data.territory ? drawn(data.territory, errors) : null),
  )
}

/** @param {Territory} territory @param {readonly AnswerError[]} errors */
function drawn({ id, name, schoolEnrolmentSeries }, errors) {
  const w = words()
  const all = CYCLES.map(([cycle, measure]) => ({
    name: w.cycles[cycle],
    color: cycle,
    measure,
    points: schoolEnrolmentSeries.map((enrolment, index) => {
      const observation = enrolment[cycle]
      const path = ['territory', 'schoolEnrolmentSeries', index, cycle]
      const status = observation?.status ?? 'SOURCE_UNAVAILABLE'
      return { period: enrolment.schoolYear, value: observation?.value ?? null, status, observation, path }
    }),
  }))
  const title = `${w.territory.seriesOf}, ${name}`
  return html`${lines({ id: 'series-chart', title, series: all, unit: named(w.units, 'pupils'), width: widthOfColumn(), height: 280 })}
    <details>
      <summary>${w.table}</summary>
      ${seriesTable({
        caption: title,
        series: all,
        figureOf: ({ observation, path, period }, { name: cycle }) => {
          const measure = all.find((one) => one.name === cycle)?.measure ?? ''
          return figure(observation, { id, measure, label: `${cycle} ${period}`, errors, path })
        },
      })}
    </details>`
}

/** How wide the column is in which it is drawn, so that the letters of the chart are as large as those beside it. */
const widthOfColumn = () =>
  Math.max(
    260,
    innerWidth > 960 ? Math.min(innerWidth, 1280) - 40 - 371 - 42 : innerWidth - (innerWidth > 640 ? 82 : 52),
  )

/** On the communes of which year the series is counted. @param {number | null} chosen */
function geographyChoice(chosen) {
  const w = words()
  return choice({
    label: w.territory.geography,
    name: 'geography',
    chosen: `${chosen ?? ''}`,
    options: [
      ['', w.territory.geographyNow],
      ...GEOGRAPHIES.map((year) => /** @type {const} */ ([`${year}`, w.territory.geographyOf(year)])),
    ],
  })
}
