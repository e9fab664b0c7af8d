import { Button as AntButton, type ButtonProps } from 'antd'
import type { MouseEvent } from 'react'
import './button.css'

/** No words of its own, and gone as soon as the work is: the name of the button stays what it was. */
const working = { icon: <span className="y-spinner" aria-hidden="true" /> }

/**
 * Ant Design's button. While it works a press does nothing, and it says so, but it keeps its name and the focus. A double click is one press:
 * the second must not do the same again, nor press what has come in its place; unless pressing it again and again is what it is for (`repeats`).
 */
export function Button({ loading = false, repeats = false, onClick, ...props }: Omit<ButtonProps, 'loading' | 'onClick'> & { loading?: boolean | undefined; repeats?: boolean; onClick?: ((event: MouseEvent<HTMLElement>) => void) | undefined }) {
  const press = (event: MouseEvent<HTMLElement>) => {
    if (event.detail > 1 && !repeats) event.preventDefault()
    else onClick?.(event)
  }
  return <AntButton {...props} onClick={press} {...(loading ? { loading: working, 'aria-disabled': true } : {})} />
}
