import "@yingda/tokens/tokens.css";
import "@yingda/tokens/checkbox.css";
import "./base.css";
import "./shell/shell.css";
import { followTextSize } from "@yingda/tokens/text-size";
import { createRoot } from "react-dom/client";
import { loadWords } from "./lib/i18n";
import { prefs } from "./lib/prefs";
import { App, router } from "./app";
import { fetchAhead } from "./shell/ahead";

void fetchAhead(router);
const root = document.getElementById("root");
// Even if its texts cannot be loaded, the page begins: it has its buttons, and asks for the texts again with the next page.
void loadWords(prefs.get().language, "door").finally(() => {
  if (root) createRoot(root).render(<App />);
});
followTextSize();
