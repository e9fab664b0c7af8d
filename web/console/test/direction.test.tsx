import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { linked } from "../../api/test/links.table";
import { MessageWords } from "../src/desk/message-body";
import { i18next } from "../src/lib/i18n";
import { details, openDesk, reset } from "./on-desk";
import { conversation, customer, log, me, text, visitor } from "./samples";

const hello = "שלום! האם אפשר לבטל?";
const name = "זואי לוי";
const account = { id: "cus_1", verified: null, masked: null };

/** The elements that hold just this text, without those inside them. */
const holding = (words: string) =>
  [...document.querySelectorAll<HTMLElement>("body *")].filter(
    (one) => one.textContent?.includes(words) && ![...one.children].some((child) => child.textContent?.includes(words)),
  );

it("gives everything that a customer wrote, and their name, a direction of its own", async () => {
  const row = conversation("a", {
    customer: { ...visitor("a"), name, account },
    preview: { by: "customer", text: hello },
  });
  const { stream } = await openDesk({
    path: "/inbox/cnv_a",
    mine: [row],
    answers: {
      "GET /conversations/cnv_a": {
        ...details("a"),
        customer: row.customer,
        visitor: { ...details("a").visitor, name, account },
        history: [{ conversation: "cnv_old", created_at: 1, state: "resolved", preview: hello }],
      },
    },
  });
  act(() =>
    stream.receive(
      reset(
        "cnv_a",
        log(
          [0, "opened", customer, {}],
          [1, "message", customer, text(hello, 1)],
          [1, "assigned", { kind: "system" }, { agent: me.agent, name: me.name, number: me.number }],
          [1, "note", { kind: "agent", name, id: "agt_2" }, { text: hello, files: [] }],
          [1, "message", customer, text(hello, 2)],
        ),
      ),
    ),
  );
  await screen.findAllByText(hello);
  const box = screen.getByRole("combobox", { name: "Reply to the customer" });
  fireEvent.change(box, { target: { value: hello } });
  const shown = [...holding(hello), ...holding(name)].filter((one) => !one.classList.contains("sr"));
  expect(shown.length).toBeGreaterThan(6);
  const without = shown.filter((one) => !one.closest("[dir=auto], bdi") && !one.textContent?.includes("\u2068"));
  expect(without.map((one) => one.outerHTML)).toEqual([]);
});

it("isolates what is written from right to left inside a sentence of ours, and nothing else", () => {
  const t = i18next.getFixedT("en", "shell");
  expect(t("acts.of", { name })).toBe(`Actions for \u2068${name}\u2069`);
  expect(t("acts.of", { name: "<b>Zoe</b> & {{x}}" })).toBe("Actions for <b>Zoe</b> & {{x}}");
  expect(i18next.getFixedT("en", "boards")("copy_of", { name })).toBe(`Copy of ${name}`);
});

it.each(linked)("draws the links of %j", (words, ...links) => {
  const { container } = render(
    <MessageWords body={{ type: "text", text: words, ord: 1 } as never} conversation="cnv_1" seq={1} />,
  );
  expect([...container.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(links);
  expect(container.textContent).toBe(words);
});
