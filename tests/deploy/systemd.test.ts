import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { checkCommand, PACKAGE, textOf, VARIABLES } from './files.ts'

const UNIT = 'deploy/systemd/strates.service'
const settings = [...textOf(UNIT).matchAll(/^([A-Z]\w+)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value }))
const of = (wanted: string) => settings.filter(({ name }) => name === wanted).map(({ value }) => value)

describe('the unit of systemd', () => {
  it('starts what npm start starts, and refuses invented data', () => {
    const [command = ''] = of('ExecStart')
    expect(command).toBe(`/usr/bin/${PACKAGE.scripts['start']} --no-simulated`)
    checkCommand(command.split(' ').slice(1))
  })

  it('sets variables that there are, and keeps the data where the service may write', () => {
    const pairs = Object.fromEntries((of('Environment')[0] ?? '').split(' ').map((pair) => pair.split('=')))
    expect(Object.keys(pairs).filter((name) => !VARIABLES.has(name))).toEqual([])
    expect(pairs['STRATES_DATA']).toBe(`/var/lib/${of('StateDirectory')[0]}`)
    expect(pairs['STRATES_REFRESH']).toBe('on')
  })

  it('leaves signals to the primary, with the time that it takes', () => {
    expect([of('KillMode'), of('ExecReload')]).toEqual([['mixed'], ['/bin/kill -HUP $MAINPID']])
    expect(Number(of('TimeoutStopSec')[0])).toBeGreaterThanOrEqual(16)
  })

  it('lets V8 write the code that it runs, and nobody else anything', () => {
    expect(of('MemoryDenyWriteExecute')).toEqual(['no'])
    expect([of('DynamicUser'), of('ProtectSystem'), of('NoNewPrivileges')]).toEqual([['yes'], ['strict'], ['yes']])
    expect(of('CapabilityBoundingSet')).toEqual([''])
  })

  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)(
    'is exposed no further than 2 of 10, says systemd',
    () => {
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', '--threshold=20', '--no-pager', UNIT],
        { cwd: REPOSITORY, encoding: 'utf8' },
      )
      expect(status, `${stdout}${stderr}`).toBe(0)
    },
  )
})
