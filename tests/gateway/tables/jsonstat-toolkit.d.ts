/** What the tests ask of the toolkit, which has no types of its own. */
declare module 'jsonstat-toolkit' {
  interface Datum {
    readonly value: number | null
    readonly status: string | null
  }
  interface Category {
    readonly label: string
    readonly unit: { readonly label: string } | null
  }
  interface Dimension {
    readonly id: readonly string[]
    readonly label: string
    readonly role: string
    Category(id: string): Category
  }
  interface Dataset {
    readonly class: string
    readonly label: string
    readonly source: string
    readonly note: readonly string[] | null
    readonly id: readonly string[]
    readonly size: readonly number[]
    readonly role: Readonly<Record<string, readonly string[] | null>>
    readonly extension: unknown
    readonly n: number
    Dimension(id: string): Dimension
    Data(at: Readonly<Record<string, string>>): Datum
  }
  export default function JSONstat(text: unknown): Dataset
}
