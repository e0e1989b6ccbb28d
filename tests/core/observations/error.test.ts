import { describe, expect, it } from 'vitest'
import { StratesError } from '../../../core/observations/error.ts'

const facts = {
  code: 'CONTRACT_BROKEN',
  what: 'The column "total" is missing',
  on: 'dataset ecoles, file a.csv',
  expected: '"total" or "nombre_total_eleves"',
  remedy: 'Download the file again.',
} as const

describe('an error of Strates', () => {
  it('tells in one sentence what failed, on what, what was expected and what to do', () => {
    expect(new StratesError(facts).message).toBe(
      'The column "total" is missing (dataset ecoles, file a.csv). Expected: "total" or "nombre_total_eleves". Download the file again.',
    )
  })

  it('gives a program the code and the same four things, field by field', () => {
    const error = new StratesError({ ...facts, details: { line: 3 } })
    expect(error.code).toBe('CONTRACT_BROKEN')
    expect(error.extensions).toEqual({
      code: facts.code,
      on: facts.on,
      expected: facts.expected,
      remedy: facts.remedy,
      line: 3,
    })
    expect(error.name).toBe('StratesError')
  })

  it('keeps the error underneath for the log, and out of what a client receives', () => {
    const cause = new Error('/home/someone/secret')
    const error = new StratesError({ ...facts, cause })
    expect(error.cause).toBe(cause)
    expect(JSON.stringify(error.extensions)).not.toContain('secret')
    expect('cause' in new StratesError(facts)).toBe(false)
  })
})
