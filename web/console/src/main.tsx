import "@yingda/tokens/tokens.css";
import "@yingda/tokens/checkbox.css";
import "./base.css";
import "./shell/shell.css";
import "./lib/i18n";
import { followTextSize } from "@yingda/tokens/text-size";
import { createRoot } from "react-dom/client";
import { App } from "./app";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
followTextSize();
