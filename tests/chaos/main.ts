import { parseArgs } from 'node:util'
import { cleanUp } from '../process/program.ts'
import { bombs } from './bombs.ts'
import { kills } from './kills.ts'
import { outages } from './outages.ts'
import { redis } from './redis.ts'
import { replicas } from './replicas.ts'
import { restarts } from './restarts.ts'
import type { Effort, Finding, Scenario } from './scenario.ts'
import { slowClients } from './slowClients.ts'
import { soak } from './soak.ts'
import { swaps } from './swaps.ts'

/** What is tried without being asked for. */
const SCENARIOS: readonly Scenario[] = [kills, swaps, restarts, outages, bombs, slowClients, redis, replicas]

const USAGE = `Write: npm run chaos [-- --quick] [--only NAME], or: npm run chaos -- --soak [--minutes N]
Names: ${SCENARIOS.map(({ name }) => name).join(', ')}`

/** `npm run chaos`: breaks things on purpose, on this machine, and looks at what users see. Ends with 1 for a broken promise. */
async function main(): Promise<void> {
  const { quick, only, soak: isSoak, minutes } = readOptions()
  const effort: Effort = quick ? 'QUICK' : 'WHOLE'
  const chosen = isSoak ? [soak(minutes)] : SCENARIOS.filter(({ name }) => only === undefined || name === only)
  const findings: Finding[] = []
  for (const { name, what, run } of chosen) {
    console.log(`── ${name}: ${what}`)
    const begun = performance.now()
    try {
      const found = await run(effort)
      for (const finding of found) console.log(`   ${finding.verdict.padEnd(6)} ${finding.what}: ${finding.found}`)
      findings.push(...found)
    } catch (error) {
      console.log(`   BROKEN the scenario itself failed: ${String(error)}`)
      findings.push({ what: name, found: String(error), verdict: 'BROKEN' })
    } finally {
      await cleanUp()
    }
    console.log(`   ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  }
  const count = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict).length
  console.log(`${count('KEPT')} kept, ${count('BROKEN')} broken, ${count('SHORT')} short of the aim`)
  process.exitCode = count('BROKEN') === 0 ? 0 : 1
}

function readOptions() {
  const { quick, only, soak, minutes } = parse()
  if (only !== undefined && !SCENARIOS.some(({ name }) => name === only)) misuse(`There is no scenario ${only}.`)
  if (!/^\d{1,4}$/.test(minutes) || Number(minutes) === 0) misuse(`--minutes ${minutes} is no number of minutes.`)
  return { quick, only, soak, minutes: Number(minutes) }
}

function parse() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        soak: { type: 'boolean', default: false },
        minutes: { type: 'string', default: '30' },
      },
    }).values
  } catch (error) {
    return misuse((error as Error).message)
  }
}

function misuse(what: string): never {
  process.stderr.write(`INVALID_OPTION: ${what}\n${USAGE}\n`)
  process.exit(2)
}

await main()
