import { placeLinks } from "./links";
import "@yingda/tokens/tokens.css";
import "@yingda/tokens/checkbox.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/store.css";
import "./styles/home.css";
import "./styles/product.css";
import "./styles/account.css";
import "./styles/easy.css";
import { followTextSize } from "@yingda/tokens/text-size";
import { render } from "preact";
import { App } from "./app";
import { beginReading } from "./data";
import { startRouter } from "./router";
import { loadIllustrations } from "./ui/art";

/** Applies the style sheet that was fetched beside this script; a page without it is better than none. */
function putOnSheet(): Promise<void> {
  const sheet = document.querySelector<HTMLLinkElement>("link[data-sheet]");
  if (!sheet) return Promise.resolve();
  return new Promise((done) => {
    sheet.onload = sheet.onerror = () => done();
    sheet.rel = "stylesheet";
  });
}

void import("@yingda/api/translators").then((part) => part.tolerateTranslators());
placeLinks();
const root = document.getElementById("app");
if (root) {
  beginReading();
  void putOnSheet().then(() => {
    startRouter();
    render(<App />, root);
    followTextSize();
    loadIllustrations();
  });
}
