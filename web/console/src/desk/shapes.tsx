import type { AgentState, Conversation } from '@yingda/api/types'
import { urgency, waitsSince } from '../live/lists'

export type ShownState = AgentState | 'full'

/** Being full is not chosen: it follows from the slots. */
export const shownState = (state: AgentState, open: number, capacity: number): ShownState => (state === 'available' && open >= capacity ? 'full' : state)

/** An agent's state as shape and colour; its word stands beside it. */
export function StateShape({ state }: { state: ShownState }) {
  return (
    <svg className={`shape shape-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {state === 'available' && <circle cx="8" cy="8" r="7" fill="currentColor" />}
      {state === 'full' && <rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" />}
      {state === 'break' && <path d="M3 2h3.5v12H3zM9.500 2H13v12H9.500z" fill="currentColor" />}
      {state === 'offline' && <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="2.4" />}
    </svg>
  )
}

/** One glyph a slot: full height waits for the agent (with a notch when late), half height waits for the customer, outline is free. */
export function Slots({ open, capacity, now }: { open: readonly Conversation[]; capacity: number; now: number }) {
  const free = Math.max(0, capacity - open.length)
  return (
    <span className="slots" aria-hidden="true">
      {open.slice(0, 10).map((one) => {
        const since = waitsSince(one)
        const waited = since === null ? null : now - since
        return <i key={one.id} className={waited === null ? 'slot slot-half' : urgency(waited) === 'late' ? 'slot slot-late' : 'slot'} />
      })}
      {Array.from({ length: Math.min(free, 10) }, (_, index) => <i key={index} className="slot slot-free" />)}
    </span>
  )
}
