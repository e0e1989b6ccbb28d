/** What a gateway that runs tells its operator, and what is left when it has ended. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { cleanUp, ownStore, start } from './program.ts'

afterAll(cleanUp)

const QUERY = '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primary { value } } } }'

async function ask(url: string, client: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'apollographql-client-name': client },
    body: JSON.stringify({ query: QUERY }),
  })
  expect(await response.json()).toMatchObject({ data: { commune: {} } })
}

describe('a gateway that runs', () => {
  it('counts, says who answers, and leaves the summary of reuse when it ends', async () => {
    const data = await ownStore()
    const gateway = start('gateway/main.ts', ['--port', '0'], { STRATES_DATA: data, STRATES_WORKERS: '2' })
    const [, url = ''] = await gateway.says(/Strates is ready on (http:\/\/127\.0\.0\.1:\d+)/)
    for (const client of ['carte', 'carte', 'jean.dupont@example.fr']) await ask(url, client)

    const metrics = await (await fetch(`${url}/metrics`)).text()
    // Each worker asks once; whichever is asked for them gives the counts of both.
    const sum = [...metrics.matchAll(/^strates_graphql_requests_total\{.*client="carte".*\} (\d+)$/gm)]
    expect(sum.reduce((total, [, count]) => total + Number(count), 0)).toBe(2)
    expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403)
    const status = async () =>
      (await (await fetch(`${url}/status`)).json()) as {
        status: string
        owners: unknown[]
        process: { workers: number }
      }
    // The primary tells each worker of the others every second.
    await expect.poll(async () => (await status()).process.workers, { timeout: 10_000 }).toBe(2)
    const { status: word, owners } = await status()
    expect([word, owners.length]).toEqual(['ok', 5])

    gateway.send('SIGTERM')
    const { code, stderr } = await gateway.ended
    expect([code, stderr]).toEqual([0, ''])
    const [file = '', ...others] = await readdir(join(data, 'reuse'))
    expect([file.replace(/^\d{4}-\d{2}/, ''), others]).toEqual(['.json', []])
    expect(JSON.parse(await readFile(join(data, 'reuse', file), 'utf8'))).toEqual({
      month: file.slice(0, 7),
      datasets: { 'fr-en-ecoles-effectifs-nb_classes': { carte: 2, other: 1 } },
    })
  }, 90_000)
})
