import { Tooltip } from "@yingda/antd";
import type { ReactElement } from "react";
import { Kbd } from "./kbd";

/** The name of an icon-only button, with its keyboard shortcut. */
export function Tip({ name, keys, children }: { name: string; keys?: string; children: ReactElement }) {
  return (
    <Tooltip
      title={
        <span className="row">
          {name}
          {keys && <Kbd keys={keys} />}
        </span>
      }
      mouseEnterDelay={0.4}
      destroyOnHidden
    >
      {children}
    </Tooltip>
  );
}
