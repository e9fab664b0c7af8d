import { call, Problem } from '@yingda/api/client'
import type { Conversation } from '@yingda/api/types'
import type { Named } from '../lib/people'
import { browserPlace } from './place'

/** A conversation that was taken away while this console could not be reached. */
export interface Left {
  id: string
  customer: Named
  /** it waits again, or a colleague has it: by name where we may know it */
  now: 'queued' | { colleague: string | null }
}

type Row = Pick<Left, 'id' | 'customer'>
const keyOf = (agent: string) => `yingda.console.mine.${agent}`

/** What is remembered of a conversation: whose it is, without what they sign in with. */
export const rowOf = ({ id, customer }: Conversation): Row => ({ id, customer: { id: customer.id, name: customer.name, ...(customer.account ? { account: true } : {}) } })

/** Which conversations were ours when the server was last heard; kept for the case that this page ends meanwhile. */
export function keepMine(agent: string, mine: Iterable<Conversation>) {
  const rows = [...mine].map(rowOf)
  const text = rows.length ? JSON.stringify(rows) : null
  // Each message renews the lists, and writing to the storage costs; reading does not.
  if (browserPlace.get(keyOf(agent)) !== text) browserPlace.set(keyOf(agent), text)
}

export function readMine(agent: string): Row[] {
  try {
    const rows: unknown = JSON.parse(browserPlace.get(keyOf(agent)) ?? '[]')
    return Array.isArray(rows) ? rows.filter((row): row is Row => [(row as Row | null)?.id, (row as Row | null)?.customer?.id, (row as Row | null)?.customer?.name].every((one) => typeof one === 'string')) : []
  } catch { return [] }
}

/** Where rows are that were ours before a gap and are not after it. What was settled meanwhile is no news: it stands in its list. */
export async function whereTheyWent(before: readonly Row[], mine: ReadonlyMap<string, unknown>, queue: ReadonlyMap<string, unknown>): Promise<Left[]> {
  const gone = before.filter((row) => !mine.has(row.id))
  const found = await Promise.all(gone.map(async ({ id, customer }): Promise<Left | null> => {
    if (queue.has(id)) return { id, customer, now: 'queued' }
    try {
      const now = await call<Conversation>('GET', `/conversations/${id}`)
      return now.agent && now.state !== 'resolved' && now.state !== 'closed' ? { id, customer, now: { colleague: now.agent.name } } : null
    } catch (error) {
      // What a colleague serves is not ours to read.
      return error instanceof Problem && (error.status === 404 || error.status === 403) ? { id, customer, now: { colleague: null } } : null
    }
  }))
  return found.filter((one) => one !== null)
}
