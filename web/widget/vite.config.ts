import { defineConfig } from "vite";
import { art } from "./build/art.ts";
import { smaller } from "./build/smaller.ts";
import { tokens } from "./build/tokens.ts";
import { words } from "./build/words.ts";

/** What only parts use (src/later.ts); everything else is one file, because the first opening needs all of it. */
const LATER =
  /\/(measures|speech|times|response-times|links|around|own|calls|ask-as-visitor)\.ts$|\.css|\/view\/(?!(app|chips|composer|lines|log|parts)\.)/;
/** What only some pages ask for, with what it shares with the small parts. */
const CALLS = /\/(calls|ask-as-visitor)\.ts$/;
/** Small parts share a file: each by itself would be a third larger. */
const SMALL = /\/view\/(emoji|judge|left-message|linked|people|rail|rating|recommend|sheet|suggest)\./;

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** The app: frame.html in the loader's iframe, hosted.html as a page of its own. */
export default defineConfig({
  base: "/widget/",
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  plugins: [art(), words(), tokens(), smaller()],
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
