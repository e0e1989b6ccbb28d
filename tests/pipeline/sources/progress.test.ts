import { describe, expect, it } from 'vitest'
import { createProgress } from '../../../pipeline/sources/progress.ts'

function record(isTTY: boolean): { isTTY: boolean; written: string[]; write(text: string): void } {
  const written: string[] = []
  return { isTTY, written, write: (text) => void written.push(text) }
}

describe('progress', () => {
  it('writes plain lines where nobody watches: the start, one every 10 seconds, the end', () => {
    const stream = record(false)
    let now = 0
    const file = createProgress(stream, () => now).start('ecoles-2025.parquet', 4_000_000)
    for (now = 1000; now <= 25_000; now += 1000) file.advance(100_000)
    file.end()
    expect(stream.written).toEqual([
      'ecoles-2025.parquet: started\n',
      'ecoles-2025.parquet  1.0 MB of 4.0 MB  100.0 kB/s\n'.replace('100.0 kB', '0.1 MB'),
      'ecoles-2025.parquet  2.0 MB of 4.0 MB  0.1 MB/s\n',
      'ecoles-2025.parquet: done, 2.5 MB, 96.2 kB/s\n',
    ])
  })

  it('redraws one line on a terminal, at most ten times a second', () => {
    const stream = record(true)
    let now = 0
    const file = createProgress(stream, () => now).start('ecoles.csv', 1000)
    for (now = 10; now <= 1000; now += 10) file.advance(10)
    file.end()
    const output = stream.written.join('')
    expect(output.match(/\n/g)).toHaveLength(1)
    expect(output.match(/of 1\.0 kB/g)).toHaveLength(10)
    expect(output).toContain('[████████████████████████]')
  })

  it('does without a bar when the size is unknown, and says how a download failed', () => {
    const stream = record(true)
    const file = createProgress(stream, () => 0).start('ecoles.csv')
    file.end('failed (cut)')
    expect(stream.written.join('')).not.toContain('█')
    expect(stream.written.join('')).toContain('ecoles.csv: failed (cut), 0.0 kB')
  })
})
