import { Icon } from './icon'
import { createStore, useStore } from './store'

interface Toast { id: number; text: string; tone: 'plain' | 'hot' }

const toasts = createStore<readonly Toast[]>([])
let next = 1

/** Says what happened, at the foot of the page and to screen readers. Errors stay longer. */
export function toast(text: string, tone: Toast['tone'] = 'plain') {
  const id = next++
  toasts.set((list) => [...list.slice(-2), { id, text, tone }])
  setTimeout(() => toasts.set((list) => list.filter((item) => item.id !== id)), tone === 'hot' ? 10_000 : 5000)
}

export function Toasts() {
  const list = useStore(toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={item.tone === 'hot' ? 'toast toast-hot' : 'toast'}>
          <Icon name={item.tone === 'hot' ? 'alert' : 'check'} />
          <span>{item.text}</span>
        </div>
      ))}
    </div>
  )
}
