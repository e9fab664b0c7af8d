import type { Mark } from "@yingda/api/types";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { dayInWords } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { NoteView } from "./note-view";
import type { Block } from "./transcript";
import { NodeLine, SystemLine } from "./transcript-lines";
import type { Shared } from "./transcript-props";
import { RunView } from "./transcript-run";

interface BlockProps extends Shared {
  block: Block;
  received: number;
  read: number;
}

const BlockView = memo(function BlockView({ block, ...shared }: BlockProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const { zone } = shared;
  switch (block.kind) {
    case "node":
      return <NodeLine node={block.node} zone={zone} queueName={shared.queueName} />;
    case "day":
      return (
        <li className="divider">
          <span>{dayInWords(block.at, zone, language)}</span>
        </li>
      );
    case "unread":
      return (
        <li className="divider divider-unread">
          <span>{t("line.unread")}</span>
        </li>
      );
    case "system":
      return <SystemLine item={block.item} />;
    case "note":
      return (
        <NoteView
          item={block.item}
          conversation={shared.conversation}
          customer={shared.customer}
          zone={zone}
          acts={shared.acts}
          goTo={shared.goTo}
        />
      );
    default:
      return <RunView run={block} {...shared} />;
  }
});

/** A mark, limited to this block: a mark beyond its last message makes no difference, so the block is not redrawn for it. */
function within(block: Block, mark: number): number {
  if (block.kind !== "run" || !block.mine) return 0;
  const ords = block.items.map((item) =>
    item.kind === "message" && item.body && "ord" in item.body ? (item.body.ord ?? 0) : 0,
  );
  return Math.max(Math.min(...ords) - 1, Math.min(mark, Math.max(...ords)));
}

/** The blocks of a segment, in order. */
export function Blocks({ blocks, marks, ...shared }: Shared & { blocks: readonly Block[]; marks: Mark }) {
  return blocks.map((block) => (
    <BlockView
      key={block.key}
      block={block}
      received={within(block, marks.received)}
      read={within(block, marks.read)}
      {...shared}
    />
  ));
}
