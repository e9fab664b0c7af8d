import { h } from "../dom";
import { wear } from "./sheet";
import css from "../style/emoji.css?inline";

const EMOJI = [..."😀😄😂🙂😉😊😍🤔😅😭😢😡👍👎👌🙏👏💪🎉💔🌹☕✅❌"];

wear(css);

export const Emoji = ({ insert }: { insert(text: string): void }) => (
  <div class="emoji">
    {EMOJI.map((c) => (
      <button onClick={() => insert(c)}>{c}</button>
    ))}
  </div>
);
