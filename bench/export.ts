import type { Figure } from './kit/figure.ts'
import { askOnce, interleave, type Asked } from './kit/load.ts'
import { rowOf, targetOf } from './kit/question.ts'

const FEED: Asked = { method: 'GET', path: '/v1/feeds/correspondence-2019-2026.csv' }

export default {
  name: 'export',
  about: `a whole table as a file: \`GET ${FEED.path}\``,
  async measure({ servers, data, pace }) {
    const gateway = targetOf(await servers.get({ side: 'gateway', data, cache: 'on' }), [FEED])
    const sender = await servers.get({ side: 'raw', data, cache: 'off' })
    const answer = await askOnce(gateway)
    await sender.send(answer)
    const samples = await interleave({ gateway, raw: targetOf(sender, [FEED]) }, pace)
    const megabytes = (Buffer.byteLength(answer.text) / 1e6).toFixed(1)
    return [rowOf(`export, one file (${megabytes} MB)`, samples.gateway, 'raw `node:http`', samples.raw, undefined)]
  },
} satisfies Figure
