import '../../ui/antd/test/setup'
import { beforeEach, vi } from 'vitest'

vi.mock('@yingda/api/stream', async () => import('./fake-stream'))

// The router remembers scroll positions in a window that has none.
window.scrollTo = () => undefined
Element.prototype.scrollTo ??= () => undefined

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})
