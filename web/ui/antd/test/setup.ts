import { afterEach } from 'vitest'
import { cleanup } from '@testing-library/react'

afterEach(cleanup)

// What jsdom has no layout for and components ask about.
window.matchMedia ??= (query: string) => ({
  matches: false, media: query, onchange: null,
  addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, dispatchEvent: () => false,
})
window.ResizeObserver ??= class { observe() {} unobserve() {} disconnect() {} }

// jsdom works every property out anew each time it is asked, which was half of what these tests took. It counts the changes of the document itself:
// until the next one, the same answer is given.
const inside = Object.getOwnPropertySymbols(document).find((symbol) => symbol.description === 'impl')
const changes = (): number => (document as unknown as Record<symbol, { _version: number }>)[inside!]!._version
const worked = window.getComputedStyle.bind(window)
let known = new Map<Element, CSSStyleDeclaration>()
let knownAt = -1
window.getComputedStyle = (element: Element) => {
  if (changes() !== knownAt) {
    known = new Map()
    knownAt = changes()
  }
  const style = known.get(element) ?? remembering(worked(element))
  known.set(element, style)
  return style
}

/** A style that works each property out once. */
function remembering(style: CSSStyleDeclaration): CSSStyleDeclaration {
  const values = new Map<string | symbol, unknown>()
  const once = (name: string | symbol, work: () => unknown): unknown => {
    if (!values.has(name)) values.set(name, work())
    return values.get(name)
  }
  const ask = (name: string): unknown => once(`of ${name}`, () => style.getPropertyValue(name))
  return new Proxy(style, {
    get: (_, name) => once(name, () => {
      const value: unknown = name === 'getPropertyValue' ? ask : Reflect.get(style, name, style)
      return typeof value === 'function' ? (value.bind(style) as unknown) : value
    }),
  })
}

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) { this.setAttribute('open', '') }
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) { this.removeAttribute('open') }
HTMLElement.prototype.showPopover ??= function (this: HTMLElement) { this.style.display = 'block' }
HTMLElement.prototype.hidePopover ??= function (this: HTMLElement) { this.style.display = '' }
