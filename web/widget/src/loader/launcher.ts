/** The launcher's elements, in a shadow tree of their own: the page's styles do not reach them. */
const CHAT = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 9.8h8M8 13h5";
const LOOK = `:host{all:initial;position:absolute;inset:0 auto auto 0}
button{all:unset;display:flex;align-items:center;gap:9px;height:56px;padding:0 20px 0 16px;border-radius:28px 28px 28px 6px;background:var(--c);color:#fff;font:600 16px/1.4 "PingFang SC","Microsoft YaHei UI","Segoe UI",sans-serif;cursor:pointer}
button,iframe{position:fixed;z-index:2147483000;bottom:var(--o);inset-inline-end:var(--o);box-shadow:0 6px 20px -4px #0004}
.s button,.s iframe{inset-inline:var(--o) auto}.s button{border-radius:28px 28px 6px 28px}
button:hover{filter:brightness(.9)}button:focus-visible{outline:2px solid var(--c);outline-offset:2px}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;top:-6px;inset-inline-end:-3px;min-width:12px;padding:0 5px;border-radius:11px;background:#c2331b;color:#fff;font:600 12px/22px sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
b::before{content:attr(data-n)}
iframe{width:min(var(--w),100vw - 2*var(--o));height:min(2*var(--w),100vh - 56px - .1*var(--w));border:0;outline:1px solid #888b;border-radius:18px}
.f iframe{inset:0;width:100%;height:100dvh;border-radius:0}
[hidden]{display:none!important}
@media(max-width:479px){button{padding:0 15px}span{display:none}}`;

export interface Launcher {
  /** the element in the page, whose shadow tree holds the others */
  box: HTMLElement;
  /** what the frame goes into, beside the button */
  root: HTMLElement;
  button: HTMLButtonElement;
  /** draws its `data-n`: text that is written on a button would have to be in its name */
  badge: HTMLElement;
}

/** Creates the elements; the last child of the button is for its words. */
export function newLauncher(): Launcher {
  const d = document;
  const box = d.createElement("yingda-chat");
  const shadow = box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  shadow.adoptedStyleSheets = [sheet];
  const root = d.createElement("div");
  const button = d.createElement("button");
  button.type = "button";
  const draw = (tag: string) => d.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = draw("svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = draw("path");
  path.setAttribute("d", CHAT);
  svg.append(path);
  const badge = d.createElement("b");
  badge.hidden = true;
  button.append(svg, badge, d.createElement("span"));
  root.append(button);
  shadow.append(root);
  return { box, root, button, badge };
}
