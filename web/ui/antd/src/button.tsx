import { Button as AntButton, type ButtonProps } from "antd";
import type { MouseEvent, Ref } from "react";
import "./button.css";

/** Has no text of its own, so the button's name stays the same while it is shown. The provider has it for the moment in which the library shows its own. */
export const spinner = <span className="y-spinner" aria-hidden="true" />;

/**
 * Ant Design's button. While it is working, a press does nothing and it reports being busy, but it keeps its name and the focus. A double click counts as one
 * press: the second click must neither repeat the action nor press what has appeared in its place, unless repeated presses are the purpose (`repeats`).
 */
export function Button({
  loading = false,
  repeats = false,
  onClick,
  ...props
}: Omit<ButtonProps, "loading" | "onClick"> & {
  loading?: boolean | undefined;
  repeats?: boolean;
  ref?: Ref<HTMLButtonElement | HTMLAnchorElement> | undefined;
  onClick?: ((event: MouseEvent<HTMLElement>) => void) | undefined;
}) {
  const press = (event: MouseEvent<HTMLElement>) => {
    if (event.detail > 1 && !repeats) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <AntButton {...props} onClick={press} {...(loading ? { loading: { icon: spinner }, "aria-disabled": true } : {})} />
  );
}
