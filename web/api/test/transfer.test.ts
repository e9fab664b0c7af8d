// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import { dropped, filesOf, holdsFiles } from "../src/transfer";

const picture = new File(["x"], "image.png", { type: "image/png" });
const bill = new File(["x"], "账单 1.pdf");

/** What an event carries: texts by their type, and files. */
function transfer(texts: Record<string, string>, ...files: File[]) {
  return {
    files: files as unknown as FileList,
    types: [...Object.keys(texts), ...(files.length > 0 ? ["Files"] : [])],
    getData: (type: string) => texts[type] ?? "",
  } as unknown as DataTransfer;
}

describe("of what is pasted", () => {
  const url = "https://shop.example/a.png";
  const fileUrl = "file:///a/%E8%B4%A6%E5%8D%95%201.pdf";
  it.each<[string, DataTransfer, File[]]>([
    ["cells of a workbook", transfer({ "text/plain": "1\t2\n", "text/html": "<table>" }, picture), []],
    ["a paragraph", transfer({ "text/plain": "您好", "text/rtf": "{}", "text/html": "<p>您好</p>" }, picture), []],
    ["a word that is like a name", transfer({ "text/plain": "image" }, picture), []],
    ["a cell with an address", transfer({ "text/plain": url, "text/html": "<td>" }, picture), []],
    ["text alone", transfer({ "text/plain": "您好" }), []],
    ["a picture", transfer({}, picture), [picture]],
    ["a picture of a page", transfer({ "text/html": "<img src=x>" }, picture), [picture]],
    ["a picture with blank text", transfer({ "text/plain": " \n", "text/html": "<p></p>" }, picture), [picture]],
    ["a picture dragged from a page", transfer({ "text/plain": url, "text/uri-list": url }, picture), [picture]],
    ["a file that a Mac names", transfer({ "text/plain": "账单 1.pdf" }, bill), [bill]],
    ["two of them", transfer({ "text/plain": "image.png\r账单 1.pdf" }, picture, bill), [picture, bill]],
    ["a file with its folder", transfer({ "text/plain": "/home/a/账单 1.pdf" }, bill), [bill]],
    ["its address", transfer({ "text/plain": fileUrl, "text/uri-list": fileUrl }, bill), [bill]],
    ["its name among other words", transfer({ "text/plain": "see\n账单 1.pdf" }, bill), []],
  ])("the files are meant, or the text: %s", (_, given, meant) => {
    expect(filesOf(given)).toEqual(meant);
  });
  it("nothing is meant where nothing is carried", () => {
    expect([filesOf(null), filesOf(undefined)]).toEqual([[], []]);
  });
});

describe("what is dropped", () => {
  document.body.innerHTML = "<div><textarea></textarea><p></p></div>";
  const [field, words] = [document.querySelector("textarea")!, document.querySelector("p")!];
  const drop = (target: Element, dataTransfer: DataTransfer) => {
    const event = { target, dataTransfer, preventDefault: vi.fn() };
    return { files: dropped(event), cancelled: event.preventDefault.mock.calls.length > 0 };
  };
  const hold = (target: Element, dataTransfer: DataTransfer) => {
    const event = { target, dataTransfer, preventDefault: vi.fn() };
    return [holdsFiles(event), event.preventDefault.mock.calls.length > 0];
  };

  it("is taken if it is files, left to the field if it is text, and replaces no page", () => {
    const text = { "text/plain": "words", "text/html": "<p>words</p>" };
    expect(drop(field, transfer({}, bill))).toEqual({ files: [bill], cancelled: true });
    expect(drop(words, transfer({}, bill))).toEqual({ files: [bill], cancelled: true });
    expect(drop(field, transfer(text))).toEqual({ files: [], cancelled: false });
    expect(drop(field, transfer(text, picture))).toEqual({ files: [], cancelled: false });
    expect(drop(words, transfer({ "text/uri-list": "https://a.example" }))).toEqual({ files: [], cancelled: true });
    expect(drop(words, transfer(text, picture))).toEqual({ files: [], cancelled: true });
  });

  it("is announced: files anywhere, text on a field only", () => {
    const text = { "text/plain": "words" };
    expect(hold(words, transfer({}, bill))).toEqual([true, true]);
    expect(hold(field, transfer(text))).toEqual([false, false]);
    expect(hold(words, transfer(text))).toEqual([false, true]);
  });
});
