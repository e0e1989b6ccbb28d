import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RefreshState, SourceLook } from '../../core/observations/refresh.ts'
import { REFRESH_FILE } from '../../core/store/refresh.ts'

/** Writes down when which source was asked, and what came of it: by one rename, so that whoever reads sees it whole. */
export async function writeRefresh(data: string, { origin, looks }: RefreshState): Promise<void> {
  const sorted = looks.toSorted((left, right) => (left.dataset < right.dataset ? -1 : 1))
  const temporary = join(data, `.${REFRESH_FILE}-${process.pid}`)
  await mkdir(data, { recursive: true })
  await writeFile(temporary, `${JSON.stringify({ origin, looks: sorted }, null, 1)}\n`)
  await rename(temporary, join(data, REFRESH_FILE))
}

/** The looks with some of them replaced by newer ones. */
export function withLooks(looks: readonly SourceLook[], newer: readonly SourceLook[]): readonly SourceLook[] {
  const replaced = new Set(newer.map(({ dataset }) => dataset))
  return [...looks.filter(({ dataset }) => !replaced.has(dataset)), ...newer]
}
