import { fireEvent, render, screen } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { Button, Dialog, Input, place, Popup, Slider, Switch, themeNames, Tooltip, YingdaProvider } from "../src";
import { faults } from "./axe";

const within = (children: ReactNode, theme: (typeof themeNames)[number] = "light") =>
  render(
    <YingdaProvider theme={theme} scale={1} language="en" nonce="n0nce">
      <main>{children}</main>
    </YingdaProvider>,
  );

describe("what we take from Ant Design", () => {
  const cases: [string, ReactNode][] = [
    [
      "Button",
      <>
        <Button>Resolve</Button>
        <Button type="primary" loading>
          Save
        </Button>
        <Button danger disabled>
          Delete
        </Button>
        <Button size="small" type="link">
          Try now
        </Button>
      </>,
    ],
    [
      "Input",
      <label>
        Work e-mail <Input type="email" allowClear defaultValue="a@b.example" />
      </label>,
    ],
    [
      "Input.Password",
      <label htmlFor="p">
        Password <Input.Password id="p" />
      </label>,
    ],
    [
      "Input.TextArea",
      <>
        <label htmlFor="t">Chinese</label>
        <Input.TextArea id="t" rows={3} status="error" aria-invalid />
      </>,
    ],
    [
      "Switch",
      <label>
        Sound <Switch defaultChecked />
      </label>,
    ],
    [
      "Slider",
      <>
        <span id="v">Volume</span>
        <Slider ariaLabelledByForHandle="v" defaultValue={60} tooltip={{ open: false }} />
      </>,
    ],
    [
      "Tooltip",
      <Tooltip title="Transfer" open>
        <button type="button">Transfer</button>
      </Tooltip>,
    ],
  ];
  it.each(cases)("%s is accessible", async (_, node) => {
    within(node);
    expect(await faults(document.body)).toEqual([]);
  });

  it.each(themeNames)("writes its styles with the nonce in the theme %s", (theme) => {
    within(<Button>Resolve</Button>, theme);
    const styles = [...document.querySelectorAll("style")];
    expect(styles.length).toBeGreaterThan(0);
    for (const style of styles) expect(style.nonce).toBe("n0nce");
  });
});

describe("Button", () => {
  it("keeps its name and the focus while it works, and can be pressed again only afterwards", () => {
    const press = vi.fn();
    const view = (loading: boolean) => (
      <YingdaProvider theme="light" scale={1} language="en">
        <Button loading={loading} onClick={press}>
          Save
        </Button>
      </YingdaProvider>
    );
    const { rerender } = render(view(false));
    const button = screen.getByRole("button", { name: "Save" });
    button.focus();
    rerender(view(true));
    expect(screen.getByRole("button", { name: "Save" })).toBe(button);
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(document.activeElement).toBe(button);
    fireEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    rerender(view(false));
    expect(screen.getByRole("button", { name: "Save" })).toBe(button);
    expect(button.hasAttribute("aria-disabled")).toBe(false);
    fireEvent.click(button);
    expect(press).toHaveBeenCalledOnce();
  });
});

describe("a double click", () => {
  it("is one press, also where it sends a form", () => {
    const press = vi.fn();
    const submit = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    within(
      <form onSubmit={submit}>
        <Button onClick={press}>Resolve</Button>
        <Button htmlType="submit">Save</Button>
      </form>,
    );
    for (const name of ["Resolve", "Save"]) {
      fireEvent.click(screen.getByRole("button", { name }), { detail: 1 });
      fireEvent.click(screen.getByRole("button", { name }), { detail: 2 });
    }
    expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("Dialog", () => {
  it("closes on a press beside it, but not on the second of the double click that opened it", () => {
    const onClose = vi.fn();
    within(
      <Dialog open title="Keyboard shortcuts" closeLabel="Close" onClose={onClose}>
        <p>Words</p>
      </Dialog>,
    );
    const dialog = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
    fireEvent.mouseDown(dialog, { detail: 2 });
    expect(onClose).not.toHaveBeenCalled();
    fireEvent.mouseDown(screen.getByText("Words"), { detail: 1 });
    expect(onClose).not.toHaveBeenCalled();
    fireEvent.mouseDown(dialog, { detail: 1 });
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("is named by its title, accessible, and closes on Escape and on its button", async () => {
    const onClose = vi.fn();
    within(
      <Dialog open title="Keyboard shortcuts" closeLabel="Close" onClose={onClose}>
        <p>Words</p>
      </Dialog>,
    );
    const dialog = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    fireEvent(dialog, new Event("cancel", { cancelable: true }));
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it("holds nothing while it is closed", () => {
    within(
      <Dialog open={false} title="t" closeLabel="Close" onClose={() => undefined}>
        <p>Words</p>
      </Dialog>,
    );
    expect(screen.queryByText("Words")).toBeNull();
  });
});

describe("Popup", () => {
  function Example() {
    const [chosen, setChosen] = useState("none");
    return (
      <>
        <Popup label="States" trigger={(props) => <button {...props}>State</button>}>
          {(close) => (
            <button
              type="button"
              onClick={() => {
                setChosen("break");
                close();
              }}
            >
              Break
            </button>
          )}
        </Popup>
        <p>{chosen}</p>
      </>
    );
  }

  it("opens at its button, takes the focus and gives it back", async () => {
    within(<Example />);
    const button = screen.getByRole("button", { name: "State" });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    expect(document.activeElement?.textContent).toBe("Break");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByText("Break"));
    expect(screen.getByText("break")).toBeTruthy();
    expect(document.activeElement).toBe(button);
  });

  it("stays on the page when it grows", () => {
    let grow: () => void = () => undefined;
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(look: () => void) {
          grow = look;
        }
        observe() {}
        disconnect() {}
      },
    );
    within(<Example />);
    fireEvent.click(screen.getByRole("button", { name: "State" }));
    const box = screen.getByRole("dialog", { name: "States" });
    box.getBoundingClientRect = () => ({ width: innerWidth, height: 100 }) as DOMRect;
    screen.getByRole("button", { name: "State" }).getBoundingClientRect = () => new DOMRect(innerWidth - 20, 0, 20, 20);
    grow();
    expect(box.style.left).toBe("8px");
    vi.unstubAllGlobals();
  });

  it("closes on Escape without letting the page see the key", () => {
    const page = vi.fn();
    addEventListener("keydown", page);
    within(<Example />);
    fireEvent.click(screen.getByRole("button", { name: "State" }));
    fireEvent.keyDown(screen.getByText("Break"), { key: "Escape" });
    expect(screen.queryByText("Break")).toBeNull();
    expect(page).not.toHaveBeenCalled();
    removeEventListener("keydown", page);
  });

  it("closes on a press elsewhere", () => {
    within(<Example />);
    fireEvent.click(screen.getByRole("button", { name: "State" }));
    fireEvent.pointerDown(document.body);
    expect(screen.queryByText("Break")).toBeNull();
  });
});

describe("place", () => {
  const page = { width: 1000, height: 600 };
  const box = { width: 200, height: 100 };
  const at = (left: number, top: number) =>
    ({ left, top, right: left + 80, bottom: top + 30, width: 80, height: 30, x: left, y: top }) as DOMRect;

  it("opens below, and above when there is no room below", () => {
    expect(place(at(100, 100), box, page, "below")).toEqual({ x: 100, y: 136 });
    expect(place(at(100, 540), box, page, "below")).toEqual({ x: 100, y: 434 });
  });

  it("never leaves the page", () => {
    expect(place(at(950, 100), box, page, "below").x).toBe(792);
    expect(place(at(10, 560), box, page, "beside")).toEqual({ x: 96, y: 490 });
  });
});

describe("a field", () => {
  function Limited({ area }: { area: boolean }) {
    const [value, setValue] = useState("");
    const Field = area ? Input.TextArea : Input;
    return (
      <Field
        aria-label="Name"
        maxLength={3}
        value={value}
        onChange={(event: { target: { value: string } }) => setValue(event.target.value)}
      />
    );
  }

  it.each([false, true])("is as long as its limit in the characters that the server counts: area %s", (area) => {
    within(<Limited area={area} />);
    const field = screen.getByLabelText<HTMLInputElement>("Name");
    for (const [typed, kept] of [
      ["👍👍👍", "👍👍👍"],
      ["👍👍👍👍", "👍👍👍"],
      ["👍x👍👍", "👍👍👍"],
      ["ab", "ab"],
      ["aXYb", "aXb"],
    ] as const) {
      fireEvent.change(field, { target: { value: typed } });
      expect(field.value, typed).toBe(kept);
    }
    expect(field.hasAttribute("maxlength")).toBe(false);
  });

  it("keeps what was there while an input method composes beyond the limit", () => {
    within(<Limited area={false} />);
    const field = screen.getByLabelText<HTMLInputElement>("Name");
    fireEvent.change(field, { target: { value: "ab" } });
    fireEvent.compositionStart(field);
    fireEvent.change(field, { target: { value: "anihaob" } });
    expect(field.value).toBe("anihaob");
    fireEvent.change(field, { target: { value: "a你好b" } });
    fireEvent.compositionEnd(field);
    expect(field.value).toBe("a你b");
  });
});
