import { renderHook, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { matchReplies } from "../src/desk/canned";
import { bare } from "../src/knowledge/texts";
import cases from "../../../crates/normal/tests/folded.json";
import { folded, useFolded } from "../src/lib/normal";
import { rank } from "../src/palette/match";

it("evens out what reads the same, as the server does", async () => {
  expect(folded(" Ｗｉ\u2011Ｆｉ\u200b  I’m ")).toBe("wi-fi i'm");
  const { result } = renderHook(() => useFolded());
  result.current("手機");
  await waitFor(() => expect(result.current("手\u200b機")).toBe("手机"));
  expect(folded("怎麼查話費")).toBe("怎么查话费");
  expect(bare("手機，X9！")).toBe(bare("手机 x9"));
});

it.each(cases as [string, string][])("reads %j as the server does", async (raw, form) => {
  const { result } = renderHook(() => useFolded());
  result.current("費");
  await waitFor(() => expect(result.current("費")).toBe("费"));
  expect(folded(raw)).toBe(form);
});

it("finds canned replies and pages by what reads the same", async () => {
  const { result } = renderHook(() => useFolded());
  result.current("費");
  await waitFor(() => expect(result.current("費")).toBe("费"));
  const reply = { id: "1", shortcode: "bill", title: "查话费", body: { zh: "您好", en: "" } } as unknown as Parameters<
    typeof matchReplies
  >[0][number];
  expect(matchReplies([reply], "話費", "zh-CN")).toEqual([reply]);
  expect(rank("設置", "设置", "")).toBe(0);
});
