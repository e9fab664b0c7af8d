import { h } from "../dom";
import "./sheet";

const EMOJI = [..."😀😄😂🙂😉😊😍🤔😅😭😢😡👍👎👌🙏👏💪🎉"];

export const Emoji = ({ insert }: { insert(text: string): void }) => (
  <div class="emoji">
    {EMOJI.map((c) => (
      <button onClick={() => insert(c)}>{c}</button>
    ))}
  </div>
);
