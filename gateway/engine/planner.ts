import { QueryPlanner } from '@graphql-hive/router-query-planner'
import { print, type DocumentNode, type GraphQLSchema } from 'graphql'
import { compilePlan, type Plan } from './plan.ts'

/**
 * Returns a function that plans a document with one operation: at once where it was planned before, for as long as the
 * document lives. A plan that could not be made is not kept.
 */
export function createPlanner(
  supergraphSdl: string,
  supergraph: GraphQLSchema,
): (document: DocumentNode) => Plan | Promise<Plan> {
  const planner = new QueryPlanner(supergraphSdl)
  const { overridePercentages } = planner
  const known = new WeakMap<DocumentNode, Map<string, Plan | Promise<Plan>>>()

  return (document) => {
    let plans = known.get(document)
    if (!plans) known.set(document, (plans = new Map()))
    const percentage = overridePercentages.length > 0 ? Math.random() * 100 : 0
    // Two draws between the same percentages have the same plan.
    const draw = overridePercentages.filter((limit) => percentage > limit).join()
    return plans.get(draw) ?? planOnce(document, percentage, draw, plans)
  }

  function planOnce(
    document: DocumentNode,
    percentage: number,
    draw: string,
    plans: Map<string, Plan | Promise<Plan>>,
  ): Promise<Plan> {
    const planning = planner.planAsync(print(document), undefined, new Set(), percentage).then(
      (plan) => {
        const made = compilePlan(plan, supergraph)
        plans.set(draw, made)
        return made
      },
      (cause: unknown) => {
        plans.delete(draw)
        throw cause
      },
    )
    plans.set(draw, planning)
    return planning
  }
}
