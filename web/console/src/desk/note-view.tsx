import { useTranslation } from "react-i18next";
import { hourMinute } from "../lib/format";
import { SaidWords } from "../lib/hidden-numbers";
import { Icon } from "../lib/icon";
import { langOf } from "../lib/words";
import { FileView } from "./message-body";
import { CorrectedView, QuoteView, SaidActsView } from "./own-words";
import type { NoteItem } from "./transcript";
import type { Shared } from "./transcript-props";

/** A private note, or what a supervisor whispered. */
export function NoteView({
  item,
  conversation,
  customer,
  zone,
  acts,
  goTo,
}: { item: NoteItem } & Pick<Shared, "conversation" | "customer" | "zone" | "acts" | "goTo">) {
  const { t } = useTranslation("desk");
  const { text } = item;
  return (
    <li className="note" tabIndex={-1} data-said="" data-seq={item.seq}>
      {item.quote && <QuoteView of={item.quote} customer={customer} goTo={goTo} />}
      <div className="bubble bubble-note">
        <div className="note-head">
          <Icon name="lock" />
          <span>{t(item.isWhisper ? "note.whisper" : "note.private")}</span>
          {item.by.name && (
            <>
              <i className="dot" />
              <span dir="auto">{item.by.name}</span>
            </>
          )}
          <i className="dot" />
          <time>{hourMinute(item.at, zone)}</time>
        </div>
        <div dir="auto" lang={text ? langOf(text) : undefined}>
          {text === null ? (
            t(item.gone === "recalled" ? "message.recalled" : "message.erased")
          ) : (
            <SaidWords conversation={conversation} seq={item.seq} text={text} hidden={item.hidden} />
          )}
        </div>
        {item.files.length > 0 && (
          <ul className="note-files">
            {item.files.map((file) => (
              <li key={file.id}>
                <FileView file={file} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {item.before.length > 0 && (
        <div className="meta">
          <CorrectedView before={item.before} />
        </div>
      )}
      {text !== null && !item.isWhisper && (
        <SaidActsView acts={acts} seq={item.seq} at={item.at} mine={item.mine} isNote words={text} text={text} />
      )}
    </li>
  );
}
