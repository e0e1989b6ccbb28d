import { askAt, forget } from '../ask.js'
import { redraw } from '../draw.js'

/** @import { Reply } from '../answers.d.ts' */

/**
 * How the service stands, as `/status` tells machines.
 * @typedef {object} Service
 * @property {'ok' | 'silent' | 'quarantine' | 'stale' | 'degraded' | 'starting'} status
 * @property {{ version: string | null, servedSince: string, problem: { code: string, message: string } | null }} data
 * @property {readonly { name: string, state: 'up' | 'down' | 'unknown', lastAnswerAt: string | null, lastError: { at: string, reason: string, message: string } | null, failures: number, dataVersion: string | null }[]} owners
 * @property {{ uptimeSeconds: number, workers?: number }} process
 * @property {readonly { id: string, version: string, lastUpdate: string | null, freshness: string, simulated: boolean, quarantine: readonly { code: string, message: string, since: string }[] }[] | null} datasets null when the owner of the catalogue does not answer
 */

const ADDRESS = '/status'

/** Asks how the service stands, once. @returns {Reply<Service>} */
export const askService = () => askAt(ADDRESS, load)

/** Asks it again. */
export function askServiceAgain() {
  forget(ADDRESS)
  redraw()
}

/** @param {string} address @returns {Promise<Reply<Service>>} */
async function load(address) {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    if (!response.ok) {
      return {
        state: 'failed',
        problem: { status: response.status, code: `HTTP_${response.status}`, detail: await response.text() },
      }
    }
    /** @type {Service} */
    const data = await response.json()
    const simulated = data.datasets?.some((dataset) => dataset.simulated) ?? false
    return { state: 'answered', data, errors: [], simulated, version: data.data.version }
  } catch (error) {
    return { state: 'failed', problem: { status: 0, code: 'UNREACHABLE', detail: `${error}` } }
  }
}
