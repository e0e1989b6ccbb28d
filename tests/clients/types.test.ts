import { describe, expectTypeOf, it } from 'vitest'
import {
  CatalogueDocument,
  EnrolmentByTierDocument,
  SchoolsDocument,
  TerritoryDocument,
  type Client,
  type ObservationStatus,
  type StratesDocument,
} from '../../clients/typescript/src/index.ts'

// What stands here is checked by the compiler (`npm run typecheck`); nothing is asked.
const strates = {} as Client
const isChecked = (_unasked: () => unknown): void => {}

describe('the types of a client', () => {
  it('are those of the document: figures may be null, statuses never, and only those that there are', () => {
    type Card = Awaited<ReturnType<typeof ask>>['data']['commune']
    const ask = () => strates.ask(EnrolmentByTierDocument)
    type Figure = NonNullable<NonNullable<Card>['population']>
    expectTypeOf<Figure['value']>().toEqualTypeOf<number | null>()
    expectTypeOf<Figure['status']>().toEqualTypeOf<ObservationStatus>()
    expectTypeOf<'NORMAL'>().toExtend<ObservationStatus>()
    expectTypeOf<'FINE'>().not.toExtend<ObservationStatus>()
  })

  it('refuse variables that there are not, or of another type: a code is no number', () => {
    isChecked(() => strates.ask(TerritoryDocument, { id: 'commune:01001', schoolYear: 2021 }))
    // @ts-expect-error there is no such variable
    isChecked(() => strates.ask(TerritoryDocument, { code: '01001' }))
    // @ts-expect-error a code is text
    isChecked(() => strates.ask(EnrolmentByTierDocument, { commune: 1001 }))
    // @ts-expect-error a year is a number
    isChecked(() => strates.ask(TerritoryDocument, { schoolYear: '2021' }))
    // @ts-expect-error there is no such kind of school
    isChecked(() => strates.ask(SchoolsDocument, { kind: 'UNIVERSITE' }))
    // @ts-expect-error it has no variables
    isChecked(() => strates.ask(CatalogueDocument, { id: 'commune:01001' }))
  })

  it('want the variables that have no default', () => {
    const needed = {} as StratesDocument<object, { readonly id: string }>
    isChecked(() => strates.ask(needed, { id: 'nation:FR' }))
    // @ts-expect-error the id is missing
    isChecked(() => strates.ask(needed))
  })

  it('have pages only where a document takes a cursor, and tell what the entries are', () => {
    const entries = () => strates.entries(SchoolsDocument, {}, (data) => data.territory?.schools)
    type Entry = Awaited<ReturnType<ReturnType<typeof entries>['next']>>['value']
    expectTypeOf<Extract<Entry, object>['uai']>().toEqualTypeOf<string>()
    // @ts-expect-error it has no pages
    isChecked(() => strates.entries(TerritoryDocument, { id: 'nation:FR' }, () => null))
    // @ts-expect-error that is no list
    isChecked(() => strates.entries(SchoolsDocument, {}, (data) => data.territory))
  })
})
