// vite.config.ts - the page into the Python package: hashed files, each text also packed, and the list of the shell in the service worker.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const GOAL = fileURLToPath(new URL("../firmware/gigbox/web/static", import.meta.url));
const PACKED = /\.(html|js|css|svg|webmanifest)$/,
  FIXED = ["sw", "listen-worklet"],
  NOT_OF_THE_SHELL = /^(sw|listen-worklet)\.js$/;

const filesOf = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });

/** After all is written: the worker learns which files are the shell, and each text gets its packed twins. */
const finish: Plugin = {
  name: "finish",
  closeBundle() {
    const files = filesOf(GOAL)
      .map((path) => relative(GOAL, path))
      .filter((name) => !NOT_OF_THE_SHELL.test(name) && !/\.(br|gz|png)$/.test(name) && name !== "index.html");
    const worker = join(GOAL, "sw.js"),
      shell = ["/", ...files.map((name) => `/static/${name}`)];
    writeFileSync(worker, readFileSync(worker, "utf8").replace(/["'`]SHELL["'`]/, JSON.stringify(JSON.stringify(shell))));
    for (const path of filesOf(GOAL).filter((path) => PACKED.test(path))) {
      const text = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(text));
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
    }
  },
};

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [finish],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: GOAL,
    emptyOutDir: true,
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { page: "index.html", sw: "src/sw.ts", "listen-worklet": "src/listen-worklet.ts" },
      output: { entryFileNames: ({ name }: { name: string }) => (FIXED.includes(name) ? "[name].js" : "assets/[name]-[hash].js") },
    },
  },
}));
