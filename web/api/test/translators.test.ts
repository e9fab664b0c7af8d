import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { tolerateTranslators } from "../src/translators";

const { removeChild, insertBefore } = Node.prototype;
beforeAll(tolerateTranslators);
afterAll(() => {
  Object.assign(Node.prototype, { removeChild, insertBefore });
});

let line: HTMLElement;
let text: Text;
beforeEach(() => {
  document.body.innerHTML = "<p></p>";
  line = document.querySelector("p")!;
  text = document.createTextNode("3 new");
  line.append(text, document.createElement("b"));
});
const font = (words: string) => Object.assign(document.createElement("font"), { textContent: words });
const observed = () => new Promise((done) => setTimeout(done));

/** What translators were seen to do with a text. */
const translated: Record<string, () => void> = {
  wrapped: () => {
    const around = font("");
    text.replaceWith(around);
    around.append(text);
    text.nodeValue = "3 条新的";
  },
  "replaced at once": () => text.replaceWith(font("3 条新的")),
  "replaced in two steps": () => {
    text.before(font("3 条新的"));
    text.remove();
  },
};

for (const [how, translate] of Object.entries(translated)) {
  it(`changes and removes a text that was ${how}, and puts something before it`, async () => {
    translate();
    await observed();
    expect(line.textContent).toBe("3 条新的");
    line.insertBefore(document.createElement("i"), text);
    expect([...line.children].map((one) => one.localName)).toEqual(["i", "font", "b"]);
    text.nodeValue = "4 new";
    await observed();
    expect(line.textContent).toBe("4 new");
    line.removeChild(text);
    expect(line.innerHTML).toBe("<i></i><b></b>");
  });
}

it("removes what stands for a text together with it", async () => {
  text.replaceWith(font("3 条新的"));
  await observed();
  line.removeChild(text);
  expect(line.innerHTML).toBe("<b></b>");
});
