import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createHandover, type Taker } from '../../../gateway/process/handover.ts'

/** A taker that keeps what it is handed. */
function taker(): Taker & { readonly got: Socket[] } {
  const got: Socket[] = []
  return { got, take: (socket) => void got.push(socket) }
}

function handing(count: number, limit = 100) {
  const handover = createHandover(limit)
  const takers = Array.from({ length: count }, taker)
  for (const one of takers) handover.join(one)
  const offer = (sockets: number) =>
    Array.from({ length: sockets }, () => {
      const socket = new Socket()
      handover.offer(socket)
      return socket
    })
  const counts = () => takers.map(({ got }) => got.length)
  return { handover, takers, offer, counts }
}

describe('handing connections over', () => {
  it('goes in turn, one at a time each', () => {
    const { handover, takers, offer, counts } = handing(3)
    const [first] = offer(5)
    expect([counts(), handover.waiting()]).toEqual([[1, 1, 1], 2])
    handover.took(takers[1] as Taker)
    handover.took(takers[0] as Taker)
    expect([counts(), handover.waiting()]).toEqual([[2, 2, 1], 0])
    expect(first?.destroyed).toBe(true)
    expect(takers[2]?.got[0]?.destroyed).toBe(false)
  })

  it('leaves one that does not take out, and hands what it held to another once it is lost', () => {
    const { handover, takers, offer, counts } = handing(2)
    const [stuck, well] = takers as [Taker & { got: Socket[] }, Taker & { got: Socket[] }]
    for (const _ of offer(10)) handover.took(well)
    expect(counts()).toEqual([1, 9])
    handover.lose(stuck)
    expect(well.got).toHaveLength(10)
    expect(well.got[9]).toBe(stuck.got[0])
    expect(well.got[9]?.destroyed).toBe(false)
  })

  it('waits for a taker, and lets no more wait than may', () => {
    const { handover, offer } = handing(0, 3)
    const sockets = offer(5)
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, false, false, true, true])
    const late = taker()
    handover.join(late)
    for (let i = 0; i < 3; i++) handover.took(late)
    expect(late.got).toEqual(sockets.slice(0, 3))
  })

  it('gives one that retires no more, and drops what waits when it is closed', () => {
    const { handover, takers, offer, counts } = handing(1)
    offer(1)
    handover.retire(takers[0] as Taker)
    handover.took(takers[0] as Taker)
    const [waits] = offer(1)
    expect([counts(), handover.waiting()]).toEqual([[1], 1])
    handover.close()
    expect(waits?.destroyed).toBe(true)
  })
})
