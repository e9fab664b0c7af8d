import { Button as AntButton, type ButtonProps } from 'antd'
import './button.css'

/** No words of its own, and gone as soon as the work is: the name of the button stays what it was. */
const working = { icon: <span className="y-spinner" aria-hidden="true" /> }

/** Ant Design's button. While it works a press does nothing, and it says so, but it keeps its name and the focus. */
export function Button({ loading = false, ...props }: Omit<ButtonProps, 'loading'> & { loading?: boolean | undefined }) {
  return <AntButton {...props} {...(loading ? { loading: working, 'aria-disabled': true } : {})} />
}
