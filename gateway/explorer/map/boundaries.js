import { feature } from 'topojson-client'
import { askFile } from '../ask.js'
import { layoutOf } from './layout.js'
import { tileDrawing } from './tiles.js'

/**
 * @import { FeatureCollection } from 'geojson'
 * @import { GeometryCollection, Topology } from 'topojson-specification'
 * @import { Reply } from '../answers.d.ts'
 * @import { Member } from './members.js'
 * @import { Drawing, Shape } from './layout.js'
 *
 * @typedef {{ readonly tier: string, readonly departement?: string, readonly topojson: string }} File one set of shapes
 * @typedef {{ readonly files: readonly File[], readonly attribution?: string }} List what `/v1/boundaries/` answers
 * @typedef {Topology<{ territories: GeometryCollection<Shape['properties']> }>} Shapes
 *
 * @typedef {object} Ground what the members of a territory are drawn with
 * @property {Drawing | undefined} drawing none where there is nothing to draw with
 * @property {boolean} isTiles whether it is a map of tiles
 * @property {string | undefined} attribution whose boundaries they are
 */

/**
 * The boundaries of the members of a territory; where none is loaded, tiles; where there are none of these either, nothing.
 * @param {string} within @param {string} tier @param {readonly Member[]} members
 * @returns {Reply<Ground>}
 */
export function askGround(within, tier, members) {
  const list = /** @type {Reply<List | null>} */ (askFile('/v1/boundaries/'))
  if (list.state !== 'answered') return list
  const asked = filesOf(list.data?.files ?? [], tier, members).map(
    ({ topojson }) => /** @type {Reply<Shapes | null>} */ (askFile(topojson)),
  )
  const failed = asked.find((one) => one.state === 'failed')
  if (failed) return failed
  const loaded = asked.flatMap((one) => (one.state === 'answered' && one.data ? [one.data] : []))
  if (asked.some((one) => one.state === 'loading')) return { state: 'loading' }
  const key = `${within} ${tier} ${members.length}`
  const drawing = remembered(loaded, key, () => drawingOf(loaded, members))
  const isTiles = drawing === undefined
  return {
    ...list,
    data: {
      drawing:
        drawing ??
        tileDrawing(
          tier,
          members.map(({ territory }) => territory),
        ),
      isTiles,
      attribution: isTiles ? undefined : list.data?.attribution,
    },
  }
}

/** Those that hold the members: of communes, a file for each of their départements. @param {readonly File[]} files @param {string} tier @param {readonly Member[]} members */
function filesOf(files, tier, members) {
  const departements = new Set(tier === 'COMMUNE' ? members.map(({ territory }) => departementOf(territory.code)) : [])
  return files.filter((file) => file.tier === tier && (tier !== 'COMMUNE' || departements.has(file.departement ?? '')))
}

/** The département in the code of a commune: two characters, overseas three. @param {string} code */
export const departementOf = (code) => code.slice(0, /^9[78]/.test(code) ? 3 : 2)

/** @param {readonly Shapes[]} loaded @param {readonly Member[]} members */
function drawingOf(loaded, members) {
  const wanted = new Set(members.map(({ territory }) => territory.id))
  const shapes = loaded.flatMap((topology) => {
    const { features } = /** @type {FeatureCollection} */ (feature(topology, topology.objects.territories))
    return /** @type {Shape[]} */ (features).filter(
      ({ id, geometry, properties }) =>
        geometry !== null && (wanted.has(`${id}`) || properties.standsFor?.some((one) => wanted.has(one))),
    )
  })
  return shapes.length === 0 ? undefined : layoutOf(shapes)
}

/**
 * What was laid out last, so that it is not done anew whenever the page is drawn.
 * @type {{ loaded: readonly Shapes[], key: string, drawing: Drawing | undefined } | undefined}
 */
let last

/** @param {readonly Shapes[]} loaded @param {string} key @param {() => Drawing | undefined} make */
function remembered(loaded, key, make) {
  const isSame =
    last?.key === key && last.loaded.length === loaded.length && last.loaded.every((one, at) => one === loaded[at])
  if (!isSame) last = { loaded, key, drawing: make() }
  return last?.drawing
}
