import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

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
/** The pages before signing in: one script with what only they need. */
const doors = ["sign-in/sign-in-page.tsx", "sign-in/welcome-page.tsx", "sign-in/forgot-page.tsx"].map(source);
const shell = source("shell/shell.tsx");
/** The pages with which members begin. */
const first = ["desk/desk-page.tsx", "panel/panel-page.tsx"].map(source);

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
  const members = closure(shell, modules);
  /** The pages that need a module. */
  const pages = new Map<string, string[]>();
  for (const page of onDemand(modules)) {
    if (page === shell || doors.includes(page)) continue;
    for (const id of closure(page, modules)) pages.set(id, [...(pages.get(id) ?? []), page]);
  }
  // What is needed on both sides of the sign-in is there from the beginning.
  for (const id of door) if (members.has(id) || pages.has(id)) begin.add(id);
  /** What draws with the library of charts: no other page may load it. */
  const draws = new Set([...pages.keys()].filter((id) => [...closure(id, modules)].some((one) => charts.test(one))));
  return { begin, door, members, pages, draws };
}

let planned: ReturnType<typeof plan> | null = null;

/** Parts of libraries that only members' pages use, although the whole library is named before. */
const inside =
  /\/(query-core|react-query)\/.*\/(infiniteQueryObserver|mutationObserver|queriesObserver|useInfiniteQuery|useMutation|useSuspenseQuery|useQueries|streamedQuery)\.js$/;

/**
 * The script that a module stands in. A page loads few scripts: those with which every page begins, those of the shell, one with what several pages share, and
 * its own. None of what is behind the sign-in is loaded before it.
 */
function scriptOf(id: string, modules: Modules): string | null {
  planned ??= plan(modules);
  const { begin, door, members, pages, draws } = planned;
  if (begin.has(id) && !inside.test(id)) return "begin";
  if (door.has(id)) return "sign-in";
  if (members.has(id) || inside.test(id)) return "shell";
  if (charts.test(id)) return "echarts";
  const sharing = pages.get(id) ?? [];
  if (sharing.length < 2) return null;
  if (draws.has(id)) return "drawing";
  return sharing.some((page) => first.includes(page)) ? "kit" : "forms";
}

export default defineConfig({
  base: "/console/",
  plugins: [react()],
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
