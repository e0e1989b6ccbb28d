import { describe, expect, it } from 'vitest'
import {
  NOTHING,
  parseVersion,
  versionsSince,
  versionText,
  withVersion,
  type DatasetParts,
  type DatasetVersion,
  type ValueChange,
} from '../../../core/observations/history.ts'

const HOLDS: DatasetParts = { measures: ['pupils'], dimensions: ['pupils/SECTOR'], periods: [2020, 2021] }
const first = withVersion([], { hash: 'aaaaaaaaaaaaaaaa', holds: HOLDS, values: [] })
const revised: ValueChange = { measure: 'pupils', period: 2021, added: 0, revised: 3, removed: 0 }

/** The version that follows the first one when the dataset holds this and these values changed. */
const next = (holds: Partial<DatasetParts>, values: readonly ValueChange[] = []): DatasetVersion =>
  withVersion(first, { hash: 'bbbbbbbbbbbbbbbb', holds: { ...HOLDS, ...holds }, values }).at(-1)!

describe('the history of a dataset', () => {
  it('begins with 1.0.0, which adds everything', () => {
    expect(first).toHaveLength(1)
    expect(first[0]).toMatchObject({ number: '1.0.0', level: 'FIRST', added: HOLDS, removed: NOTHING, values: [] })
    expect(versionText(first[0]!)).toBe('1.0.0+aaaaaaaa')
  })

  it('does not move for the same content', () => {
    expect(withVersion(first, { hash: 'aaaaaaaaaaaaaaaa', holds: HOLDS, values: [] })).toBe(first)
  })

  it.each([
    ['a measure that disappears', { measures: [] }, [], 'MAJOR', '2.0.0'],
    ['a dimension that disappears', { dimensions: [] }, [], 'MAJOR', '2.0.0'],
    ['a measure that comes', { measures: ['classes', 'pupils'] }, [], 'MINOR', '1.1.0'],
    ['a dimension that comes', { dimensions: ['pupils/SECTOR', 'pupils/SEX'] }, [], 'MINOR', '1.1.0'],
    ['a period that comes', { periods: [2020, 2021, 2022] }, [], 'MINOR', '1.1.0'],
    ['a period that goes, as each year one does', { periods: [2021] }, [], 'MINOR', '1.1.0'],
    ['values revised', {}, [revised], 'MINOR', '1.1.0'],
    ['other bytes with the same figures', {}, [], 'PATCH', '1.0.1'],
    ['a measure that goes and one that comes', { measures: ['classes'] }, [revised], 'MAJOR', '2.0.0'],
  ] as const)('takes %s for what it is', (_says, holds, values, level, number) => {
    expect(next(holds, values)).toMatchObject({ level, number })
  })

  it('lists what came, what changed and what went', () => {
    expect(next({ measures: ['classes'], periods: [2021, 2022] }, [revised])).toMatchObject({
      added: { measures: ['classes'], dimensions: [], periods: [2022] },
      removed: { measures: ['pupils'], dimensions: [], periods: [2020] },
      values: [revised],
    })
  })

  it('remembers fifty versions and goes on counting', () => {
    let history = first
    for (let turn = 1; turn <= 60; turn += 1) {
      history = withVersion(history, { hash: `${turn}`.padStart(16, '0'), holds: HOLDS, values: [revised] })
    }
    expect(history).toHaveLength(50)
    expect(history.at(-1)?.number).toBe('1.60.0')
  })

  it('tells the versions since one, newest first', () => {
    const two = withVersion(first, { hash: 'bbbbbbbbbbbbbbbb', holds: HOLDS, values: [revised] })
    const three = withVersion(two, { hash: 'cccccccccccccccc', holds: { ...HOLDS, measures: [] }, values: [] })
    const since = (version: string | null) =>
      versionsSince(three, version === null ? null : parseVersion(version)!).map(({ number }) => number)
    expect(since(null)).toEqual(['2.0.0', '1.1.0', '1.0.0'])
    expect(since('1.0.0')).toEqual(['2.0.0', '1.1.0'])
    expect(since('1.1.0+bbbbbbbb')).toEqual(['2.0.0'])
    expect(since('2.0.0')).toEqual([])
  })

  it('reads only semantic versions', () => {
    expect(parseVersion('1.20.3')).toEqual([1, 20, 3])
    for (const text of ['1.2', 'v1.2.3', '2021-abc', 'none', '', '1.2.3; drop'])
      expect(parseVersion(text)).toBeUndefined()
  })
})
