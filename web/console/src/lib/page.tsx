import { Button } from "@yingda/antd";
import type { KeyboardEvent, ReactNode } from "react";
import { Icon } from "./icon";

export interface PageProps {
  title: string;
  /** Beside the title: what the page is about, or how much there is. */
  about?: ReactNode;
  /** At the end of the head. */
  acts?: ReactNode;
  /** The main action: adds one. Null if the user may not. */
  add?: { word: ReactNode; run(): void } | null;
  /** Of the body. */
  className?: string;
  /** Of the head: the name by which a tour shows it. */
  "data-tour"?: string;
  onKeyDown?(event: KeyboardEvent): void;
  children: ReactNode;
}

/** A page with a head and a body that scrolls. The shell shows it only to those who may open it (`areas.ts`). */
export function Page({ title, about, acts, add, className, onKeyDown, children, ...head }: PageProps) {
  return (
    <div className="page">
      <header className="page-head" {...head}>
        <h1 dir="auto">{title}</h1>
        {typeof about === "string" ? <span className="s2 t3">{about}</span> : about}
        {(acts || add) && <span className="grow" />}
        {acts}
        {add && (
          <Button type="primary" onClick={add.run}>
            <Icon name="plus" />
            {add.word}
          </Button>
        )}
      </header>
      <div className={className ? `page-body ${className}` : "page-body"} data-pane tabIndex={-1} onKeyDown={onKeyDown}>
        {children}
      </div>
    </div>
  );
}
