/** Notices who has gone silent. */
export interface Watchdog<Watched> {
  /** Starts to watch, or watches for another time: from now on, it may be silent for so many milliseconds. */
  watch(watched: Watched, silentMs: number): void
  /** It gave a sign of life. */
  heard(watched: Watched): void
  forget(watched: Watched): void
  /** Who has been silent for too long; to be asked every {@link BEAT_MS}. */
  silent(): readonly Watched[]
}

/** How often a worker gives a sign of life, and the watchdog looks for it, in milliseconds. */
export const BEAT_MS = 1000

/**
 * How long a worker that serves may be silent, in milliseconds. Plans and answers take tenths of a second and the longest of
 * our own loops two; with the second until the next look, a stuck worker is gone within 10.
 */
export const SILENT_MS = 8000

/** How long a worker may take to start, in milliseconds: reading the store keeps it from giving a sign of life. */
export const START_MS = 60_000

interface Watch {
  heardAt: number
  readonly silentMs: number
}

/** Makes a watchdog. `now`: milliseconds of a clock that only goes forward. */
export function createWatchdog<Watched>(now: () => number): Watchdog<Watched> {
  const watches = new Map<Watched, Watch>()
  let lookedAt = now()

  return {
    watch: (watched, silentMs) => void watches.set(watched, { heardAt: now(), silentMs }),
    heard(watched) {
      const watch = watches.get(watched)
      if (watch) watch.heardAt = now()
    },
    forget: (watched) => void watches.delete(watched),
    silent() {
      const at = now()
      const wasAway = at - lookedAt > 3 * BEAT_MS
      lookedAt = at
      // This process stood still itself (a laptop that slept): what the others said meanwhile is not read yet.
      if (wasAway) for (const watch of watches.values()) watch.heardAt = at
      return [...watches].flatMap(([watched, { heardAt, silentMs }]) => (at - heardAt >= silentMs ? [watched] : []))
    },
  }
}
