/** Colours of the product illustrations. A product has one body colour wherever it is shown (hall, widget, desk), derived from its id. */
export interface ArtColours {
  /** `--i-c`, the body. */
  body: string;
  /** `--i-a`, screen or light. */
  screen: string;
  /** `--i-b`, the warm accent. */
  accent: string;
}

const colours = (body: string, screen: string, accent: string): ArtColours => ({ body, screen, accent });

const vivid = [
  colours("#3f7f78", "#bfe3dc", "#f2b46b"),
  colours("#38424a", "#c9d3ea", "#f08a6b"),
  colours("#c98a6a", "#f3e0d2", "#e9785a"),
  colours("#6f7fb8", "#dfe2f6", "#f2b46b"),
  colours("#8f86b5", "#ecebfb", "#f2b46b"),
  colours("#5d8aa8", "#d3e6f2", "#f08a6b"),
];

const metal = [
  colours("#a9b6ba", "#cfe0ee", "#f08a6b"),
  colours("#5b6a72", "#cfe3ec", "#f2b46b"),
  colours("#b7a99a", "#efe3d4", "#e98a5b"),
  colours("#7f98a6", "#d8e8ef", "#f2b46b"),
];

const white = [
  colours("#e3e9e7", "#8fcfe0", "#f4b183"),
  colours("#cfd9d6", "#8fe0d0", "#f2b46b"),
  colours("#c9d2da", "#9fd0e6", "#f08a6b"),
  colours("#d9d3c8", "#9fd8cf", "#e98a5b"),
];

const dark = [
  colours("#39484b", "#9fd0d8", "#f2b46b"),
  colours("#3a3f4c", "#a9b9dc", "#f08a6b"),
  colours("#44403c", "#d8c7ae", "#e9785a"),
];

const fabric = [
  colours("#57706c", "#7fe0d0", "#f2b46b"),
  colours("#8a6a5c", "#ffd9bd", "#f2b46b"),
  colours("#56637f", "#a9c4f0", "#f2b46b"),
];

const strap = [
  colours("#d9744f", "#7fd8c8", "#f6c177"),
  colours("#3f7f78", "#7fd8c8", "#f6c177"),
  colours("#5e6fa8", "#9fd0e6", "#f6c177"),
  colours("#39484b", "#7fcfc0", "#f08a6b"),
];

const card = [
  colours("#0a6a78", "#bfe3e6", "#f2b46b"),
  colours("#6f7fb8", "#dfe2f6", "#f2b46b"),
  colours("#c9694c", "#ffe0d0", "#8fd0d6"),
  colours("#4f7a52", "#d6ecd2", "#f2b46b"),
  colours("#8a5f86", "#f0dcee", "#f2b46b"),
  colours("#a8823f", "#f5e6c8", "#8fd0d6"),
];

const net = [
  colours("#23414a", "#3fae9c", "#f2b46b"),
  colours("#4b5560", "#4aa8c9", "#f2b46b"),
  colours("#dbe2e1", "#2f9c8c", "#f08a6b"),
];

const linen = [
  colours("#8fa9b0", "#f3ede2", "#e2a46b"),
  colours("#b9a48f", "#f6efe4", "#7f9a8c"),
  colours("#97a88f", "#f1ece0", "#d98f6a"),
  colours("#a9a3b8", "#f3eef6", "#e0b070"),
];

const wood = [
  colours("#c79a6b", "#f0e4d2", "#6d8f8a"),
  colours("#8a5f43", "#eadbc8", "#d9a35c"),
  colours("#d3b48a", "#f5ecdd", "#b56a4c"),
];

const enamel = [
  colours("#b5543c", "#f0e2d4", "#f2b46b"),
  colours("#3f5f52", "#e2ebe2", "#e0a860"),
  colours("#ddd2bf", "#f7f1e6", "#b5643f"),
  colours("#4c5a6b", "#dfe6ee", "#f2b46b"),
];

const ceramic = [
  colours("#e3ddd0", "#f7f1e6", "#b5643f"),
  colours("#d5dedb", "#f2f6f4", "#6d8f8a"),
  colours("#d9cdb9", "#f5ecdd", "#5d8aa8"),
];

const families: Record<string, readonly ArtColours[]> = {
  phone: vivid,
  laptop: metal,
  tablet: metal,
  tv: dark,
  fridge: white,
  washer: white,
  lamp: white,
  camera: white,
  router: net,
  watch: strap,
  speaker: fabric,
  charger: metal,
  sim: card,
  bed: linen,
  pillow: ceramic,
  pot: enamel,
  knife: wood,
  dishes: ceramic,
  kettle: ceramic,
  standlamp: white,
  pendant: wood,
  nightlight: white,
  box: ceramic,
  shelf: wood,
  towel: linen,
  shower: metal,
  table: wood,
  chair: wood,
  mat: metal,
  curtain: white,
  trolley: enamel,
  cabinet: ceramic,
  stool: wood,
};

/** The illustrations that exist as `i-<name>` in illustrations.svg. */
export const illustrations: readonly string[] = Object.keys(families);

/** A small stable hash (FNV-1a, then mixed), so that similar names still get different values. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The colours of the product or plan `id`, drawn with `illustration`. Goods cycle through the family by their number, so that neighbours on a shelf differ;
 * plans of one name (`cloud-39`, `cloud-59`) share a card.
 */
export function artColours(id: string, illustration: string): ArtColours {
  const family = families[illustration] ?? vivid;
  const [, stem = id, digits] = /^(.*?)-?(\d+)$/.exec(id) ?? [];
  const step = digits === undefined || illustration === "sim" ? hash(stem) : Number(digits);
  return family[step % family.length] ?? colours("#3f7f78", "#bfe3dc", "#f2b46b");
}
