import { afterEach } from "vitest";
import { cleanup } from "@testing-library/react";

afterEach(cleanup);

// Features that components ask for and that jsdom, which has no layout, lacks.
window.matchMedia ??= (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
});
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// antd writes its rules into the page. Nothing here is laid out, and jsdom would match each rule with each element whose visibility is asked.
const create = document.createElement.bind(document);
document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = create(name, options);
  if (element instanceof HTMLStyleElement) element.type = "text/plain";
  return element;
};

const measured = window.getComputedStyle.bind(window);
window.getComputedStyle = (element: Element) => measured(element);

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute("open");
};
HTMLElement.prototype.showPopover ??= function (this: HTMLElement) {
  this.style.display = "block";
};
HTMLElement.prototype.hidePopover ??= function (this: HTMLElement) {
  this.style.display = "";
};
