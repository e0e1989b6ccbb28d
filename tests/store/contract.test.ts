import { afterAll, describe } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { postgresEngine } from '../../core/store/postgres/engine.ts'
import { isWithoutPostgres, startDatabase, type OwnDatabase } from './database.ts'
import { describeEngine } from './contract.ts'
import { slowEngine } from './slowEngine.ts'

describeEngine('the cube in memory', async () => ({
  waits: false,
  open: (data) => openStore(data, OWNERS),
  close: async () => {},
}))

describeEngine('an engine that has to fetch everything, and holds next to nothing', async () => {
  const engine = slowEngine()
  return { waits: true, open: (data) => openStore(data, OWNERS, engine), close: engine.close }
})

describe.skipIf(isWithoutPostgres())('with a server', () => {
  let database: OwnDatabase | undefined
  afterAll(() => database?.server.stop())

  describeEngine('PostgreSQL', async () => {
    const { address, publish } = (database ??= await startDatabase())
    const engine = postgresEngine(address)
    return {
      waits: true,
      async open(data) {
        await publish(data)
        return openStore(data, OWNERS, engine)
      },
      close: engine.close,
    }
  })
})
