import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf, sign } from '../../core/signature.ts'

const SECRET = 'a secret of some length'
const NOW = Date.UTC(2026, 0, 1)
const signed = (body: string, secret = SECRET, at = NOW) => ({
  signature: sign(secret, body, at),
  authorization: undefined,
  body,
})

describe('a signed call', () => {
  it('is taken with any body, up to a minute before and after it was signed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: -60, max: 60 }), (body, seconds) => {
        expect(refusalOf(signed(body), SECRET, NOW + seconds * 1000)).toBeUndefined()
      }),
    )
  })

  it('is refused after a minute, so that nobody sends an old one again', () => {
    expect(refusalOf(signed('{}'), SECRET, NOW + 61_000)).toBe('EXPIRED')
    expect(refusalOf(signed('{}'), SECRET, NOW - 61_000)).toBe('EXPIRED')
  })

  it('is refused with another body, moment or secret', () => {
    const call = signed('{"query":"{ __typename }"}')
    expect(refusalOf({ ...call, body: '{"query":"{ nation { id } }"}' }, SECRET, NOW)).toBe('WRONG_SIGNATURE')
    const later = call.signature.replace(/t=\d+/, `t=${NOW / 1000 + 30}`)
    expect(refusalOf({ ...call, signature: later }, SECRET, NOW)).toBe('WRONG_SIGNATURE')
    expect(refusalOf(signed('{}', 'another secret of some length'), SECRET, NOW)).toBe('WRONG_SIGNATURE')
  })

  it('is refused without signature, and with what is none', () => {
    expect(refusalOf({ signature: undefined, authorization: undefined, body: '{}' }, SECRET, NOW)).toBe('UNSIGNED')
    for (const signature of ['', 't=,v1=', 't=1,v1=zz', `${sign(SECRET, '{}', NOW)},v1=0`, 'v1=00,t=1']) {
      expect(refusalOf({ signature, authorization: `Bearer ${SECRET}`, body: '{}' }, SECRET, NOW)).toBe(
        'WRONG_SIGNATURE',
      )
    }
  })
})

describe('a call of a router that cannot sign', () => {
  it('is taken with the secret itself, and refused with any other', () => {
    const call = (authorization: string) => refusalOf({ signature: undefined, authorization, body: '{}' }, SECRET, NOW)
    expect(call(`Bearer ${SECRET}`)).toBeUndefined()
    for (const wrong of ['', SECRET, `bearer ${SECRET}`, `Bearer ${SECRET} `, 'Bearer '])
      expect(call(wrong)).toBe('WRONG_SIGNATURE')
  })
})
