import type { Entry } from '@yingda/api/types'

export interface Handover { asked: { seq: number; text: string; answered: boolean }[]; misses: number; byWords: boolean }

/** What the customer asked the bot in the present episode, and what it could not answer. Null when the bot was not asked. */
export function handover(entries: readonly Entry[], most = 4): Handover | null {
  const from = entries.reduce((at, entry, index) => (entry.kind === 'opened' || entry.kind === 'reopened' ? index : at), 0)
  const asked: Handover['asked'] = []
  let byWords = false
  let human = false
  for (const entry of entries.slice(from)) {
    if (entry.kind === 'assigned') human = true
    if (entry.kind === 'human_requested') byWords = entry.body?.via === 'words'
    if (human || entry.kind !== 'message' || !entry.body) continue
    const { body } = entry
    if (entry.by.kind === 'customer' && (body.type === 'text' || body.type === 'choice')) asked.push({ seq: entry.seq, text: body.text, answered: true })
    const last = asked[asked.length - 1]
    if (entry.by.kind === 'bot' && body.type === 'answer' && body.outcome === 'no_answer' && last) last.answered = false
  }
  if (asked.length === 0) return null
  return { asked: asked.slice(-most), misses: asked.filter((one) => !one.answered).length, byWords }
}
