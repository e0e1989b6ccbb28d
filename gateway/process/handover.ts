import type { Socket } from 'node:net'

/** Who takes connections. */
export interface Taker {
  /** Is handed a connection; {@link Handover.took} is to be called once it is there. */
  take(socket: Socket): void
}

/** Hands connections to takers, in turn, one at a time each. */
export interface Handover {
  /** A connection that nobody has yet. It waits while no taker is free. */
  offer(socket: Socket): void
  /** A taker is ready for connections. */
  join(taker: Taker): void
  /** The connection handed to a taker is its own now. */
  took(taker: Taker): void
  /** A taker is to get no more; what was handed to it, it takes. */
  retire(taker: Taker): void
  /** A taker is dead: what it had not taken yet is handed to another. */
  lose(taker: Taker): void
  /** How many connections wait. */
  waiting(): number
  /** Drops what still waits. */
  close(): void
}

/**
 * Makes a handover. A taker that is stuck holds one connection at most, and only until it is lost: a connection is kept here
 * too until it is taken. `limit`: how many may wait; a further one is dropped.
 */
export function createHandover(limit: number): Handover {
  /** The one that has been free for longest comes first. */
  const free = new Set<Taker>()
  const handed = new Map<Taker, Socket>()
  const retired = new WeakSet<Taker>()
  const waiting: Socket[] = []

  return {
    offer(socket) {
      if (waiting.length >= limit) return void socket.destroy()
      // Its client may go away before anybody reads.
      socket.on('error', () => socket.destroy())
      waiting.push(socket)
      pair()
    },
    join(taker) {
      free.add(taker)
      pair()
    },
    took(taker) {
      // This process lets go of it; the connection itself goes on.
      handed.get(taker)?.destroy()
      handed.delete(taker)
      if (!retired.has(taker)) free.add(taker)
      pair()
    },
    retire(taker) {
      retired.add(taker)
      free.delete(taker)
    },
    lose(taker) {
      retired.add(taker)
      free.delete(taker)
      const socket = handed.get(taker)
      handed.delete(taker)
      if (socket) waiting.unshift(socket)
      pair()
    },
    waiting: () => waiting.length,
    close() {
      for (const socket of waiting.splice(0)) socket.destroy()
    },
  }

  function pair(): void {
    for (const taker of free) {
      const socket = waiting.shift()
      if (socket === undefined) return
      free.delete(taker)
      handed.set(taker, socket)
      taker.take(socket)
    }
  }
}
