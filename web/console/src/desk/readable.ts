import type { ConversationView } from '@yingda/api/conversation'
import type { Me } from '@yingda/api/types'

/** Whether a conversation that was read here may still be read: what went to a colleague is theirs, and asking for it is refused. Managers read all. */
export function mayRead({ entries, gone }: Pick<ConversationView, 'entries' | 'gone'>, me: Pick<Me, 'agent' | 'role'>): boolean {
  if (gone !== null) return false
  if (me.role !== 'agent') return true
  const last = entries.findLast(({ kind }) => kind === 'assigned' || kind === 'transferred' || kind === 'queued' || kind === 'returned')
  if (last?.kind === 'assigned') return last.body?.agent === me.agent
  if (last?.kind === 'transferred') return last.body?.to_kind === 'queue' || last.body?.to === me.agent
  return true
}
