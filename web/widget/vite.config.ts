import { defineConfig } from "vite";
import { art } from "./build/art.ts";
import { imports } from "./build/imports.ts";
import { smaller } from "./build/smaller.ts";
import { tokens } from "./build/tokens.ts";
import { words } from "./build/words.ts";

/** What only parts use (src/later.ts); everything else is one file, because the first opening needs all of it. */
const LATER =
  /\/(measures|speech|times|response-times|links|around|own|money|typed-score|calls|ask-as-visitor)\.ts$|\.css|\/view\/(?!(app|chips|composer|lines|log|parts)\.)/;
/** What comes with the connection and with the page around, with what it shares with the small parts. */
const CALLS = /\/(calls|times|response-times|ask-as-visitor)\.ts$/;
/** What the small parts share a file with: what they use, and what the bundler adds to them. */
const SMALL =
  /rolldown.runtime|\/typed-score\.ts$|\/view\/(about|elder|emoji|files|judge|left-message|linked|offered|own-words|people|rail|rating|recommend|sheet|suggest|told)\./;

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** The app: frame.html in the loader's iframe, hosted.html as a page of its own. */
export default defineConfig({
  base: "/widget/",
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  plugins: [imports(), art(), words(), tokens(), smaller()],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: { frame: here("frame.html"), hosted: here("hosted.html") },
      output: {
        codeSplitting: {
          groups: [
            { name: "app", test: (id) => !LATER.test(id) },
            { name: "small", test: SMALL },
            { name: "calls", test: CALLS },
          ],
        },
      },
    },
  },
});
