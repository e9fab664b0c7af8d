import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chapters, handbook, heaviest, makePictures, shownIn, stored } from "../support/pictures";
import { expect, test } from "../support/test";

/** `HANDBOOK=write npx playwright test handbook` writes the pictures; otherwise they are made and compared with those the chapters show. */
const writes = process.env.HANDBOOK === "write";

test("every picture of the handbook can be made, and every chapter shows its own", { tag: "@both" }, async ({
  people,
  t,
}) => {
  const made = await makePictures(people, t);
  for (const [file, { data }] of made) {
    expect(data.length, `${file} is a picture`).toBeGreaterThan(5_000);
    expect(data.length, `${file} is light`).toBeLessThanOrEqual(heaviest);
    if (writes) writeFileSync(path.join(handbook, "pictures", file), data);
  }
  for (const chapter of chapters) {
    const own = [...made].filter(([, picture]) => picture.chapter === chapter).map(([file]) => file);
    expect(own.length, `${chapter} has pictures`).toBeGreaterThan(0);
    expect(shownIn(chapter, t).sort(), `what ${chapter} shows is what is made`).toEqual(own.sort());
  }
  const here = stored().filter((file) => file.endsWith(`.${t.lang}.webp`));
  expect(here, "no picture is missing, and none is left over").toEqual([...made.keys()].sort());
  for (const file of here)
    expect(readFileSync(path.join(handbook, "pictures", file)).length, file).toBeLessThanOrEqual(heaviest);
});
