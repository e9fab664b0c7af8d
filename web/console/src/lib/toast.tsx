import { Icon } from './icon'
import { createStore, useStore } from './store'

/** What a toast offers to do about it, and for how long. */
export interface ToastAct { word: string; run(): void }

interface Toast { id: number; text: string; tone: 'plain' | 'hot'; act: ToastAct | null }

const toasts = createStore<readonly Toast[]>([])
let next = 1

const lasts = { plain: 5000, hot: 10_000, undo: 8000 }
const drop = (id: number) => toasts.set((list) => list.filter((item) => item.id !== id))

/** Says what happened, above the foot of the page and to screen readers. Errors and what can be taken back stay longer. */
export function toast(text: string, tone: Toast['tone'] = 'plain', act: ToastAct | null = null) {
  const id = next++
  toasts.set((list) => [...list.slice(-2), { id, text, tone, act }])
  setTimeout(() => drop(id), tone === 'hot' ? lasts.hot : act ? lasts.undo : lasts.plain)
}

/** Removes all toasts: what one person did is not for the next to read or undo. */
export const clearToasts = () => toasts.set(() => [])

export function Toasts() {
  const list = useStore(toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={item.tone === 'hot' ? 'toast toast-hot' : 'toast'}>
          <Icon name={item.tone === 'hot' ? 'alert' : 'check'} />
          <span>{item.text}</span>
          {item.act && <button type="button" className="toast-act" onClick={() => { drop(item.id); item.act?.run() }}>{item.act.word}</button>}
        </div>
      ))}
    </div>
  )
}
