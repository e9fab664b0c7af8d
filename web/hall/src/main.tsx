import "@yingda/tokens/tokens.css";
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
import { startRouter } from "./router";
import { loadIllustrations } from "./ui/art";

const root = document.getElementById("app");
if (root) {
  startRouter();
  loadIllustrations();
  render(<App />, root);
  followTextSize();
}
