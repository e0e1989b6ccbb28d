import type { PlanNode } from '@graphql-hive/router-query-planner'
import { buildSchema, print, type ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { compilePlan } from '../../gateway/engine/plan.ts'
import type { Step } from '../../gateway/engine/ask.ts'

/*
 * Plans as the planner writes them, and subgraphs that answer by their name. What whole queries show is tested through the
 * gateway; here is what our own supergraph has not: batches, rewrites, conditions.
 */

const SCHEMA = buildSchema(`
  interface Place { id: ID! }
  type Town implements Place { id: ID! }
  type Cape implements Place { id: ID! }
  type Query { towns: [Place] }
`)

type Answers = Readonly<Record<string, (step: Step) => ExecutionResult>>

async function run(node: PlanNode, answers: Answers, variables: Readonly<Record<string, unknown>> = {}) {
  const asked: { readonly subgraph: string; readonly query: string; readonly variables: unknown }[] = []
  const { data, errors } = await compilePlan({ kind: 'QueryPlan', node }, SCHEMA).run(variables, async (step) => {
    const { subgraph, document, variables } = step
    asked.push({ subgraph, query: print(document).replaceAll(/\s+/g, ' '), variables })
    return answers[subgraph]!(step)
  })
  return { data, errors, asked }
}

const KEY = [{ kind: 'Field', name: '__typename' } as const, { kind: 'Field', name: 'id' } as const]

const fetchTowns: PlanNode = { kind: 'Fetch', serviceName: 'towns', operation: '{ towns { __typename id } }' }

const fetchNames = (type = 'Town', more: object = {}): PlanNode => ({
  kind: 'Fetch',
  serviceName: 'names',
  operation: `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { name } } }`,
  requires: [{ kind: 'InlineFragment', typeCondition: type, selections: KEY }],
  ...more,
})

const town = (id: string, more: object = {}) => ({ __typename: 'Town', id, ...more })
const representationsOf = ({ variables }: Step): readonly { readonly id: string }[] =>
  variables?.['representations'] as never
const nameEach = (step: Step): ExecutionResult => ({
  data: { _entities: representationsOf(step).map(({ id }) => ({ name: `town ${id}`, mayor: { name: id } })) },
})

describe('a query plan', () => {
  it('asks for each entity once, and gives the answer to each place, as an object of its own', async () => {
    const plan: PlanNode = {
      kind: 'Sequence',
      nodes: [fetchTowns, { kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames() }],
    }
    const towns = () => ({ data: { towns: [town('1'), null, town('2'), town('1')] } })
    const { data, asked } = await run(plan, { towns, names: nameEach })
    expect(asked[1]?.variables).toEqual({ representations: [town('1'), town('2')] })
    const [first, , , last] = data['towns'] as { name: string; mayor: object }[]
    expect(first).toEqual(last)
    expect(first?.mayor).not.toBe(last?.mayor)
  })

  it('asks nothing where there is no entity of the type that is required', async () => {
    const plan: PlanNode = {
      kind: 'Sequence',
      nodes: [fetchTowns, { kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames('Cape') }],
    }
    const { asked, errors } = await run(plan, { towns: () => ({ data: { towns: [town('1')] } }) })
    expect(asked).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it('takes the types that implement an interface, and those of a path alone', async () => {
    const towns = () => ({ data: { towns: [town('1'), { __typename: 'Cape', id: '9' }] } })
    const after = (node: PlanNode): PlanNode => ({ kind: 'Sequence', nodes: [fetchTowns, node] })
    const all = await run(after({ kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames('Place') }), {
      towns,
      names: nameEach,
    })
    expect(all.data['towns']).toMatchObject([{ name: 'town 1' }, { name: 'town 9' }])
    const path = [{ Field: 'towns' }, '@' as const, { TypeCondition: ['Cape'] }]
    const capes = await run(after({ kind: 'Flatten', path, node: fetchNames('Place') }), { towns, names: nameEach })
    expect(capes.asked[1]?.variables).toEqual({ representations: [{ __typename: 'Cape', id: '9' }] })
  })

  it('puts the error of an entity at each place of it, one without a place at the field, one of the root at its field', async () => {
    const plan: PlanNode = {
      kind: 'Sequence',
      nodes: [fetchTowns, { kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames() }],
    }
    const error = (message: string, path?: readonly (string | number)[]) => ({ message, path, extensions: {} }) as never
    const { errors } = await run(plan, {
      towns: () => ({ data: { towns: [town('1'), town('2'), town('1')] }, errors: [error('root')] }),
      names: () => ({
        data: { _entities: [null, { name: 'b' }] },
        errors: [error('entity', ['_entities', 0, 'name']), error('call')],
      }),
    })
    expect(errors.map(({ message, path }) => [message, path])).toEqual([
      ['root', ['towns']],
      ['entity', ['towns', 0, 'name']],
      ['entity', ['towns', 2, 'name']],
      ['call', ['towns']],
    ])
  })

  it('asks several groups of entities in one call, each under its alias', async () => {
    const group = (alias: string, field: string) => ({
      alias,
      representationsVariableName: 'both',
      paths: [[{ Field: field }, '@' as const]],
      requires: KEY,
    })
    const plan: PlanNode = {
      kind: 'Sequence',
      nodes: [
        { kind: 'Fetch', serviceName: 'towns', operation: '{ towns { id } capes { id } }' },
        {
          kind: 'BatchFetch',
          serviceName: 'names',
          operation:
            'query($both: [_Any!]!) { a: _entities(representations: $both) { id } b: _entities(representations: $both) { id } }',
          entityBatch: { aliases: [group('a', 'towns'), group('b', 'capes')] },
        },
      ],
    }
    const { data, errors, asked } = await run(plan, {
      towns: () => ({ data: { towns: [town('1'), town('2')], capes: [town('2')] } }),
      names: () => ({
        data: { a: [{ north: 1 }, { north: 2 }], b: [{ south: 1 }, { south: 2 }] },
        errors: [{ message: 'late', path: ['b', 1, 'south'], extensions: {} } as never],
      }),
    })
    expect(asked[1]?.variables).toEqual({ both: [town('1'), town('2')] })
    expect(data).toEqual({
      towns: [town('1', { north: 1 }), town('2', { north: 2 })],
      capes: [town('2', { south: 2 })],
    })
    expect(errors.map(({ path }) => path)).toEqual([['capes', 0, 'south']])
  })

  it('renames and sets what the planner says, on the way to a subgraph and back', async () => {
    const rewrites = {
      inputRewrites: [
        { ValueSetter: { path: [{ TypenameEquals: ['Town'] }, { Key: '__typename' }], setValueTo: 'Place' } },
      ],
      outputRewrites: [
        {
          KeyRenamer: {
            path: [{ Key: '_entities' }, { TypenameEquals: ['Town'] }, { Key: 'name_1' }],
            renameKeyTo: 'name',
          },
        },
      ],
    }
    const plan: PlanNode = {
      kind: 'Sequence',
      nodes: [fetchTowns, { kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames('Town', rewrites) }],
    }
    const { data, asked } = await run(plan, {
      towns: () => ({ data: { towns: [town('1')] } }),
      names: () => ({ data: { _entities: [{ name_1: 'Ambre' }] } }),
    })
    expect(asked[1]?.variables).toEqual({ representations: [{ __typename: 'Place', id: '1' }] })
    expect(data).toEqual({ towns: [town('1', { name: 'Ambre' })] })
  })

  it('follows the conditions of @skip and @include, and sends only the variables that a call uses', async () => {
    const ifClause: PlanNode = { ...fetchTowns, variableUsages: ['first'] } as PlanNode
    const plan: PlanNode = { kind: 'Condition', condition: 'wanted', ifClause }
    const towns = () => ({ data: { towns: [] } })
    expect((await run(plan, { towns }, { wanted: false })).asked).toEqual([])
    const { asked } = await run(plan, { towns }, { wanted: true, first: 3 })
    expect(asked).toEqual([{ subgraph: 'towns', query: '{ towns { __typename id } }', variables: { first: 3 } }])
  })

  it('keeps the objects that calls on their way will add to, whatever others add meanwhile', async () => {
    const mayors: PlanNode = {
      kind: 'Flatten',
      path: [{ Field: 'towns' }, '@', { Field: 'mayor' }],
      node: {
        kind: 'Fetch',
        serviceName: 'mayors',
        operation: 'query($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
        requires: KEY,
      },
    }
    const names: PlanNode = { kind: 'Flatten', path: [{ Field: 'towns' }, '@'], node: fetchNames() }
    const plan: PlanNode = { kind: 'Sequence', nodes: [fetchTowns, { kind: 'Parallel', nodes: [mayors, names] }] }
    const { data } = await run(plan, {
      towns: () => ({ data: { towns: [town('1', { mayor: { __typename: 'Mayor', id: 'm' } })] } }),
      mayors: () => ({ data: { _entities: [{ age: 50 }] } }),
      names: () => ({ data: { _entities: [{ name: 'Ambre', mayor: { name: 'M' } }] } }),
    })
    expect(data).toMatchObject({ towns: [{ name: 'Ambre', mayor: { name: 'M', age: 50 } }] })
  })

  it('merges what two calls say of one object, and keeps keys of the prototype out', async () => {
    const call = (serviceName: string): PlanNode => ({ kind: 'Fetch', serviceName, operation: '{ towns { id } }' })
    const plan: PlanNode = { kind: 'Parallel', nodes: [call('a'), call('b')] }
    const { data } = await run(plan, {
      a: () => ({ data: { towns: [{ id: '1', mayor: { name: 'A' } }] } }),
      b: () => ({ data: JSON.parse('{"towns":[{"mayor":{"age":50},"__proto__":{"bad":true}}]}') }),
    })
    expect(data).toEqual({ towns: [{ id: '1', mayor: { name: 'A', age: 50 } }] })
    expect((data['towns'] as { bad?: unknown }[])[0]?.bad).toBeUndefined()
  })
})
