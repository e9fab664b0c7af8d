import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { collected } from "./build/collect.mjs";

/** What the bundler says about a module. */
interface Known {
  importedIds: readonly string[];
  dynamicallyImportedIds: readonly string[];
}
interface Modules {
  getModuleInfo(id: string): Known | null;
}

const source = (path: string) => resolve(import.meta.dirname, "src", path);
const main = source("main.tsx");
/** The page on which people sign in, and the others before signing in: each is a script of its own, and none loads anything from behind the sign-in. */
const signIn = source("sign-in/sign-in-page.tsx");
const doors = [
  signIn,
  ...["welcome-page", "forgot-page", "came-back-page"].map((page) => source(`sign-in/${page}.tsx`)),
  source("open-company/open-company-page.tsx"),
];
/** The second step of a sign-in, which is loaded when it is asked for; pages behind it use parts of it. */
const secondStep = source("sign-in/second-step.tsx");
const shell = source("shell/shell.tsx");
/** The routes behind the sign-in, which are loaded with the first of them. */
const tree = source("tree.ts");
/** The pages with which members begin. */
const first = ["desk/desk-page.tsx", "panel/panel-page.tsx"].map(source);
/** What stands beside a conversation, which the desk loads after itself. */
const beside = source("desk/customer-pane.tsx");

/** Everything that a module imports, directly or indirectly, before it can run. */
function closure(root: string, modules: Modules): Set<string> {
  const found = new Set<string>();
  const open = [root];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

/** All that is loaded on demand. */
function onDemand(modules: Modules): Set<string> {
  const seen = new Set<string>();
  const roots = new Set<string>();
  const open = [main];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { importedIds = [], dynamicallyImportedIds = [] } = modules.getModuleInfo(id) ?? {};
    for (const one of dynamicallyImportedIds) roots.add(one);
    open.push(...importedIds, ...dynamicallyImportedIds);
  }
  return roots;
}

/** Only pages with charts load the library that draws them. */
const charts = /node_modules\/(echarts|zrender)\//;

function plan(modules: Modules) {
  const begin = closure(main, modules);
  const door = new Set(doors.flatMap((page) => [...closure(page, modules)]));
  const signsIn = closure(signIn, modules);
  const second = closure(secondStep, modules);
  const members = closure(shell, modules);
  const routes = closure(tree, modules);
  /** The pages that need a module. */
  const pages = new Map<string, string[]>();
  for (const page of onDemand(modules)) {
    if (page === shell || page === tree || doors.includes(page)) continue;
    for (const id of closure(page, modules)) pages.set(id, [...(pages.get(id) ?? []), page]);
  }
  // What is needed on both sides of the sign-in is there from the beginning.
  for (const id of door) if (members.has(id) || routes.has(id) || pages.has(id)) begin.add(id);
  /** What draws with the library of charts: no other page may load it. */
  const draws = new Set([...pages.keys()].filter((id) => [...closure(id, modules)].some((one) => charts.test(one))));
  return { begin, door, signsIn, second, members, routes, pages, draws };
}

let planned: ReturnType<typeof plan> | null = null;

/** Parts of libraries that only members' pages use, although the whole library is named before. */
const inside =
  /\/(query-core|react-query)\/.*\/(infiniteQueryObserver|mutationObserver|queriesObserver|useInfiniteQuery|useMutation|useQueries|streamedQuery)\.js$/;

/** A part of the component library that only what is opened on demand uses, although the whole library is named before. */
const opened = /\/(antd\/es|@rc-component)\/slider\//;

/**
 * The script that a module stands in. A page loads few scripts: those with which every page begins, those of the shell, one with what others share with the desk
 * or with the panel, and its own. None of what is behind the sign-in is loaded before it.
 */
function scriptOf(id: string, modules: Modules): string | null {
  planned ??= plan(modules);
  const { begin, door, signsIn, second, members, routes, pages, draws } = planned;
  if (inside.test(id)) return "shell";
  if (begin.has(id)) return "begin";
  if (signsIn.has(id)) return "sign-in";
  if (door.has(id)) return null;
  if (second.has(id)) return "second-step";
  if (opened.test(id)) return null;
  if (routes.has(id)) return "routes";
  if (members.has(id)) return "shell";
  if (charts.test(id)) return "echarts";
  const sharing = pages.get(id) ?? [];
  if (sharing.length < 2) return null;
  if (draws.has(id)) return "drawing";
  const [desk, panel] = first.map((page) => sharing.includes(page));
  if (desk && panel) return "shell";
  if (desk) return "talk";
  if (panel) return "figures";
  return sharing.includes(beside) ? "beside" : "forms";
}

export default defineConfig({
  base: "/console/",
  plugins: [collected(), react()],
  // React has it by itself.
  resolve: { alias: [{ find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: "react" }] },
  // the handbook is in docs/
  server: { fs: { allow: ["../.."] } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: scriptOf, debugName: "scripts" }],
        },
      },
    },
  },
});
