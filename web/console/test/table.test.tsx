import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { YingdaProvider } from "@yingda/antd";
import { Problem } from "@yingda/api/client";
import { useState, type ComponentProps } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { choose } from "../src/lib/prefs";
import { Table } from "../src/lib/table";
import { nextSort, sortRows, type Column, type Sort } from "../src/lib/table-model";
import "./render";

interface Lamp {
  id: string;
  name: string;
  watts: number | null;
}
const lamps: readonly Lamp[] = [
  { id: "a", name: "Desk lamp 10", watts: 9 },
  { id: "b", name: "Torch", watts: null },
  { id: "c", name: "Desk lamp 2", watts: 40 },
];
const columns: readonly Column<Lamp>[] = [
  {
    id: "name",
    title: "Lamp",
    isHeading: true,
    sortBy: ({ name }) => name,
    cell: ({ name }) => (
      <a href="#lamp" data-cell>
        {name}
      </a>
    ),
  },
  {
    id: "watts",
    title: "Watts",
    align: "end",
    mayHide: "shown",
    sortBy: ({ watts }) => watts,
    first: "descending",
    cell: ({ watts }) => watts ?? "–",
  },
  { id: "key", title: "Key", mayHide: "hidden", isExtra: true, narrow: "untitled", cell: ({ id }) => id },
];

type Props = Partial<ComponentProps<typeof Table<Lamp>>>;
const table = (props: Props = {}) => (
  <YingdaProvider language="en" theme="light" scale={1}>
    <Table label="Lamps" columns={columns} rows={lamps} keyOf={({ id }) => id} {...props} />
  </YingdaProvider>
);
const show = (props?: Props) => render(table(props));
const headings = () => screen.getAllByRole("rowheader").map((one) => one.textContent);
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const title = (name: string) => screen.getByRole("columnheader", { name });

beforeEach(() => choose({ language: "en" }));

describe("a table", () => {
  it("has a name, titles, and rows that are read with their headings", async () => {
    const { container } = show({
      columns: [...columns, false],
      rowClass: ({ watts }) => (watts === null ? "off" : undefined),
    });
    expect(screen.getByRole("table", { name: "Lamps" })).toBeTruthy();
    expect(headings()).toEqual(["Desk lamp 10", "Torch", "Desk lamp 2"]);
    expect(screen.getByRole("row", { name: /Torch/ }).className).toBe("off");
    expect(within(screen.getByRole("row", { name: /Torch/ })).getByRole("cell", { name: "–" }).dataset.label).toBe(
      "Watts",
    );
    expect(await faults(container)).toEqual([]);
  });

  it("can be named by a heading, and hides titles that only screen readers need", () => {
    render(<h2 id="about">Old lamps</h2>);
    show({
      label: undefined,
      labelledBy: "about",
      columns: [...columns, { id: "acts", title: "Actions", isTitleHidden: true, cell: () => "x" }],
    });
    expect(screen.getByRole("table", { name: "Old lamps" })).toBeTruthy();
    expect(title("Actions").querySelector(".sr")).toBeTruthy();
  });

  it("scrolls where it stands if it compares values, and can then be reached by keyboard", async () => {
    const { container } = show({ form: "values" });
    expect(screen.getByRole("group", { name: "Lamps" }).tabIndex).toBe(0);
    expect(await faults(container)).toEqual([]);
  });

  it("shows a form in place of a row's cells", () => {
    show({ instead: ({ id }) => (id === "b" ? <input aria-label="New name" /> : null) });
    expect(headings()).toEqual(["Desk lamp 10", "Desk lamp 2"]);
    expect(screen.getByLabelText("New name").closest("td")?.colSpan).toBe(3);
  });
});

describe("sorting", () => {
  it("orders a complete list by a column, then the other way, then as it was", () => {
    show();
    expect(title("Lamp").getAttribute("aria-sort")).toBe("none");
    press("Lamp");
    expect(headings()).toEqual(["Desk lamp 2", "Desk lamp 10", "Torch"]);
    expect(title("Lamp").getAttribute("aria-sort")).toBe("ascending");
    press("Lamp");
    expect(headings()).toEqual(["Torch", "Desk lamp 10", "Desk lamp 2"]);
    press("Lamp");
    expect(headings()).toEqual(["Desk lamp 10", "Torch", "Desk lamp 2"]);
    press("Watts");
    expect(title("Watts").getAttribute("aria-sort")).toBe("descending");
    expect(headings()).toEqual(["Desk lamp 2", "Desk lamp 10", "Torch"]);
  });

  it("keeps rows without a value at the end, and equal ones as they are", () => {
    const of = (by: string, direction: Sort["direction"]) =>
      sortRows([...lamps, { id: "d", name: "Spot", watts: 9 }], columns, { by, direction }, "en").map(({ id }) => id);
    expect(of("watts", "ascending")).toEqual(["a", "d", "c", "b"]);
    expect(of("watts", "descending")).toEqual(["c", "a", "d", "b"]);
    expect(of("nothing", "ascending")).toEqual(["a", "b", "c", "d"]);
    expect(nextSort({ id: "x", title: "X", cell: () => null }, { by: "y", direction: "descending" })).toEqual({
      by: "x",
      direction: "ascending",
    });
  });

  it("leaves a list in pages to the server", () => {
    const onSort = vi.fn();
    show({ onSort, sort: { by: "watts", direction: "ascending" } });
    expect(headings()).toEqual(["Desk lamp 10", "Torch", "Desk lamp 2"]);
    expect(title("Watts").getAttribute("aria-sort")).toBe("ascending");
    press("Watts");
    expect(onSort).toHaveBeenCalledWith(null);
    expect(screen.queryByRole("combobox", { name: "Sort by" })).toBeNull();
  });

  it("can be chosen where the titles are not shown", () => {
    show();
    fireEvent.change(screen.getByRole("combobox", { name: "Sort by" }), { target: { value: "descending name" } });
    expect(headings()).toEqual(["Torch", "Desk lamp 10", "Desk lamp 2"]);
    fireEvent.change(screen.getByRole("combobox", { name: "Sort by" }), { target: { value: "" } });
    expect(headings()).toEqual(["Desk lamp 10", "Torch", "Desk lamp 2"]);
  });
});

describe("pages", () => {
  it("of a complete list are shown one by one, or all at once", () => {
    show({ pageSize: 1 });
    expect(headings()).toHaveLength(1);
    press("Show more");
    expect(headings()).toHaveLength(2);
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    press("Show all 3");
    expect(headings()).toHaveLength(3);
    expect(screen.queryByRole("button", { name: /Show all/ })).toBeNull();
  });

  it("are sorted before they are cut", () => {
    show({ pageSize: 1 });
    press("Watts");
    expect(headings()).toEqual(["Desk lamp 2"]);
  });
});

describe("a selection", () => {
  function Chosen({ acts }: { acts: Required<NonNullable<Props["selection"]>>["acts"] }) {
    const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
    return table({ selection: { chosen, onChange: setChosen, nameOf: ({ name }) => name, acts } });
  }
  const box = (name: string) => screen.getByRole<HTMLInputElement>("checkbox", { name });

  it("is made by checkbox, by the space bar, and of all rows; its actions get the chosen rows", async () => {
    const run = vi.fn();
    const { container } = render(
      <Chosen acts={(rows) => [{ word: "Switch off", run: () => run(rows.map(({ id }) => id)) }]} />,
    );
    expect(screen.queryByRole("group", { name: /selected/ })).toBeNull();
    fireEvent.click(box("Select Torch"));
    screen.getByRole("link", { name: "Desk lamp 2" }).focus();
    fireEvent.keyDown(document.activeElement!, { key: " " });
    expect(screen.getByRole("group", { name: "2 selected" })).toBeTruthy();
    expect(await faults(container)).toEqual([]);
    press("Switch off");
    expect(run).toHaveBeenCalledWith(["b", "c"]);
    fireEvent.click(screen.getAllByRole("checkbox", { name: "Select all" })[0]!);
    expect(box("Select Desk lamp 10").checked).toBe(true);
    press("Clear");
    expect(box("Select Torch").checked).toBe(false);
  });

  it("asks before what cannot be undone", () => {
    const run = vi.fn();
    render(
      <Chosen acts={() => [{ word: "Delete", asks: { ask: "Delete them?", what: "They are gone then" }, run }]} />,
    );
    fireEvent.click(box("Select Torch"));
    press("Delete");
    expect(run).not.toHaveBeenCalled();
    fireEvent.click(
      within(screen.getByRole("dialog", { name: "Delete them?" })).getByRole("button", { name: "Delete" }),
    );
    expect(run).toHaveBeenCalled();
  });
});

describe("the choice of columns", () => {
  const titles = () => screen.getAllByRole("columnheader").map((one) => one.textContent);

  it("is remembered for each table, and stores only what differs", async () => {
    const { container, unmount } = show({ remember: "lamps" });
    expect(titles()).toEqual(["Lamp", "Watts"]);
    press("Columns");
    fireEvent.click(screen.getByRole("checkbox", { name: "Watts" }));
    fireEvent.click(screen.getByRole("checkbox", { name: "Key" }));
    expect(titles()).toEqual(["Lamp", "Key"]);
    expect(await faults(container)).toEqual([]);
    expect(JSON.parse(localStorage.getItem("yingda.console.columns.lamps") ?? "")).toEqual({ watts: false, key: true });
    unmount();
    show({ remember: "lamps" });
    expect(titles()).toEqual(["Lamp", "Key"]);
    press("Columns");
    press("Show all columns");
    expect(titles()).toEqual(["Lamp", "Watts", "Key"]);
    expect(JSON.parse(localStorage.getItem("yingda.console.columns.lamps") ?? "")).toEqual({ key: true });
  });

  it("survives whatever else is stored there", () => {
    for (const stored of ["[1]", "{", "null", '{"watts":"no","name":false}']) {
      localStorage.setItem("yingda.console.columns.lamps", stored);
      const { unmount } = show({ remember: "lamps" });
      expect(titles(), stored).toEqual(["Lamp", "Watts"]);
      unmount();
    }
  });

  it("is not offered where nothing is remembered", () => {
    show();
    expect(screen.queryByRole("button", { name: "Columns" })).toBeNull();
    expect(titles()).toEqual(["Lamp", "Watts", "Key"]);
  });
});

describe("the keyboard", () => {
  it("walks from cell to cell with the arrows", () => {
    show({
      columns: [
        ...columns,
        {
          id: "dim",
          title: "Dim",
          cell: ({ id }) => (
            <button type="button" data-cell>
              {`Dim ${id}`}
            </button>
          ),
        },
      ],
    });
    const walk = (key: string) => {
      fireEvent.keyDown(document.activeElement!, { key });
      return document.activeElement?.textContent;
    };
    screen.getByRole("link", { name: "Desk lamp 10" }).focus();
    expect(walk("ArrowDown")).toBe("Torch");
    expect(walk("ArrowRight")).toBe("Dim b");
    expect(walk("ArrowDown")).toBe("Dim c");
    expect(walk("ArrowDown")).toBe("Dim c");
    expect(walk("ArrowLeft")).toBe("Desk lamp 2");
    expect(walk("ArrowUp")).toBe("Torch");
  });
});

describe("the states of a query", () => {
  function Queried({ read }: { read(): Promise<readonly Lamp[]> }) {
    const of = useQuery({ queryKey: ["lamps"], queryFn: read, retry: false });
    return table({ of, rows: of.data ?? [], empty: <p>Buy a lamp</p> });
  }
  const ask = (read: () => Promise<readonly Lamp[]>) =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Queried read={read} />
      </QueryClientProvider>,
    );

  it("are shown where no page does so: loading, empty, failed and tried again", async () => {
    const answers = [async () => [], async () => Promise.reject(new Problem({}, 500)), async () => lamps];
    ask(answers[0]!);
    expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
    expect(await screen.findByText("Buy a lamp")).toBeTruthy();
    expect(screen.queryByRole("table")).toBeNull();
    let tried = 0;
    ask(async () => answers[++tried]!());
    expect(await screen.findByRole("alert")).toBeTruthy();
    press("Try again");
    expect(await screen.findByRole("table", { name: "Lamps" })).toBeTruthy();
  });

  it("lead to the next page of the server", () => {
    const fetchNextPage = vi.fn();
    const idle = {
      error: null,
      isError: false,
      isFetching: false,
      isPending: false,
      isSuccess: true,
      refetch: vi.fn(),
    };
    show({ of: { ...idle, hasNextPage: true, isFetchingNextPage: false, fetchNextPage } });
    press("Show more");
    expect(fetchNextPage).toHaveBeenCalled();
  });
});
