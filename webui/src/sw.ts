// sw.ts - the service worker: keeps the shell, so that the page opens at once and says by itself that the box is away. What the box says is never kept.
declare const self: ServiceWorkerGlobalScope;
export {};

const shell = JSON.parse("SHELL") as string[],
  store = `gigbox-${shell.join().length}-${shell
    .join()
    .split("")
    .reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 0)}`;

self.addEventListener("install", (event) =>
  event.waitUntil(
    caches
      .open(store)
      .then((kept) => kept.addAll(shell))
      .then(() => self.skipWaiting()),
  ),
);
self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("gigbox-") && name !== store).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  ),
);

/** The page itself from the box, or from the store where that is away; its hashed files from the store. */
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !shell.includes(pathname)) return;
  const kept = caches.match(pathname),
    asked = () => fetch(event.request);
  event.respondWith(pathname === "/" ? asked().catch(async () => (await kept) ?? Response.error()) : kept.then((found) => found ?? asked()));
});
