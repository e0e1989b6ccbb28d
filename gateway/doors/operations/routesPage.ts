import { getNamedType, isEnumType } from 'graphql'
import type { Language } from '../accept.ts'
import { escaped, page } from '../page.ts'
import { formatsFor } from '../tables/formats/formats.ts'
import type { Parameter } from './parameters.ts'
import type { Prepared } from './rest.ts'

/** The words of the page. */
const WORDS = {
  fr: {
    title: 'Questions posées à Strates',
    intro:
      'Chaque question a une adresse. Elle répond en JSON, ou en tableau avec une extension. Les paramètres sont décrits en anglais, comme le schéma.',
    machine: 'La même liste pour les programmes',
    feeds: 'Les tables entières',
    try: 'Essayer',
    columns: 'colonnes',
    noTable: 'pas de tableau',
  },
  en: {
    title: 'Questions to Strates',
    intro: 'Each question has an address. It answers in JSON, or as a table with an extension.',
    machine: 'The same list for programs',
    feeds: 'Whole tables',
    try: 'Try it',
    columns: 'columns',
    noTable: 'no table',
  },
} as const

/** The operations as a page, each with a form to try it. */
export function routesPage(prepared: readonly Prepared[], language: Language): string {
  const words = WORDS[language]
  const main = `<p>${words.intro}</p>
<p>${words.machine}: <a href="/v1/openapi.json">OpenAPI 3.1</a>. ${words.feeds}: <a href="/v1/feeds/">/v1/feeds/</a>. GraphQL: <a href="/graphiql">/graphiql</a>.</p>
${prepared.map((one) => section(one, language)).join('\n')}`
  return page({ language, title: words.title, here: '/v1/', main })
}

function section({ operation, parameters, reader }: Prepared, language: Language): string {
  const words = WORDS[language]
  const { name } = operation
  const question = language === 'fr' ? operation.questionFr : operation.question
  const formats = formatsFor(reader?.shape)
  const links = [
    ...['', ...formats.map(({ extension }) => `.${extension}`)].map(
      (end) => `<a href="/v1/${name}${end}"><code>/v1/${name}${end}</code></a>`,
    ),
    reader ? `<a href="/v1/${name}.schema.json">${words.columns}</a>` : words.noTable,
    `<a href="/graphiql?operation=${name}">GraphiQL</a>`,
  ]
  return `<h2 id="${name}">${escaped(question)}</h2>
<p lang="en">${links.join(' · ')}</p>
<details><summary>${words.try}</summary>
<form action="/v1/${name}" method="get">
${parameters.map((one) => input(name, one)).join('\n')}
<button>${words.try}</button>
</form></details>`
}

function input(operation: string, { name, type, description, required, byDefault }: Parameter): string {
  const id = `${operation}-${name}`
  const named = getNamedType(type)
  const shown = byDefault === undefined || byDefault === null ? '' : textOf(byDefault)
  const field = isEnumType(named)
    ? `<select id="${id}" name="${name}" aria-describedby="${id}-about">${[
        '',
        ...named.getValues().map((value) => value.name),
      ]
        .filter((value) => value !== '' || shown === '')
        .map((value) => `<option${value === shown ? ' selected' : ''}>${value}</option>`)
        .join('')}</select>`
    : `<input id="${id}" name="${name}" value="${escaped(shown)}" aria-describedby="${id}-about"${required ? ' required' : ''}>`
  return `<label for="${id}">${name}</label>${field}<p id="${id}-about" class="soft" lang="en">${escaped(description)}</p>`
}

/** As it is written in an address: lists with commas, objects as JSON. */
function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
