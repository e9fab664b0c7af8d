export interface Draft { reply: string; note: string; mode: 'reply' | 'note' }
const empty: Draft = { reply: '', note: '', mode: 'reply' }
const keyOf = (agent: string, conversation: string) => `yingda.console.draft.${agent}.${conversation}`

/** What was being written in a conversation; kept in this browser until it is sent. */
export function readDraft(agent: string, conversation: string): Draft {
  try {
    const raw = JSON.parse(localStorage.getItem(keyOf(agent, conversation)) ?? 'null') as Partial<Draft> | null
    if (!raw || typeof raw !== 'object') return empty
    return {
      reply: typeof raw.reply === 'string' ? raw.reply : '',
      note: typeof raw.note === 'string' ? raw.note : '',
      mode: raw.mode === 'note' ? 'note' : 'reply',
    }
  } catch { return empty }
}

export function keepDraft(agent: string, conversation: string, draft: Draft) {
  try {
    if (draft.reply === '' && draft.note === '') localStorage.removeItem(keyOf(agent, conversation))
    else localStorage.setItem(keyOf(agent, conversation), JSON.stringify(draft))
  } catch { /* the draft lives as long as the page */ }
}
