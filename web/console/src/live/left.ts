import { call, Problem } from '@yingda/api/client'
import type { Conversation } from '@yingda/api/types'
import { browserPlace } from './place'

/** A conversation that was taken away while this console could not be reached. */
export interface Left {
  id: string
  name: string
  /** it waits again, or a colleague has it: by name where we may know it */
  now: 'queued' | { colleague: string | null }
}

interface Row { id: string; name: string }
const keyOf = (agent: string) => `yingda.console.mine.${agent}`

/** Which conversations were ours when the server was last heard; kept for the case that this page ends meanwhile. */
export function keepMine(agent: string, mine: Iterable<Conversation>) {
  const rows = [...mine].map((one): Row => ({ id: one.id, name: one.customer.name }))
  browserPlace.set(keyOf(agent), rows.length ? JSON.stringify(rows) : null)
}

export function readMine(agent: string): Row[] {
  try {
    const rows: unknown = JSON.parse(browserPlace.get(keyOf(agent)) ?? '[]')
    return Array.isArray(rows) ? rows.filter((row): row is Row => typeof (row as Row | null)?.id === 'string' && typeof (row as Row).name === 'string') : []
  } catch { return [] }
}

/** Where rows are that were ours before a gap and are not after it. What was settled meanwhile is no news: it stands in its list. */
export async function whereTheyWent(before: readonly Row[], mine: ReadonlyMap<string, unknown>, queue: ReadonlyMap<string, unknown>): Promise<Left[]> {
  const gone = before.filter((row) => !mine.has(row.id))
  const found = await Promise.all(gone.map(async ({ id, name }): Promise<Left | null> => {
    if (queue.has(id)) return { id, name, now: 'queued' }
    try {
      const now = await call<Conversation>('GET', `/conversations/${id}`)
      return now.agent && now.state !== 'resolved' && now.state !== 'closed' ? { id, name, now: { colleague: now.agent.name } } : null
    } catch (error) {
      // What a colleague serves is not ours to read.
      return error instanceof Problem && (error.status === 404 || error.status === 403) ? { id, name, now: { colleague: null } } : null
    }
  }))
  return found.filter((one) => one !== null)
}
