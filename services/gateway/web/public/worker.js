// Lets the front desk open without a network: its page and parts are kept; what the services say never is.
const KEPT = "desk-1";
const PARTS = /^\/(apps|pages)\/assets\//;

self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((kept) => kept.add("/desk")).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function part(request) {
  const kept = await caches.open(KEPT);
  const known = await kept.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}

async function page(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put("/desk", answer.clone());
    return answer;
  } catch {
    return (await kept.match("/desk")) ?? Response.error();
  }
}

/** Keep the parts of the page as it is now, and no older ones. */
async function keep(parts) {
  const kept = await caches.open(KEPT);
  await kept.addAll(parts);
  for (const request of await kept.keys()) if (PARTS.test(new URL(request.url).pathname) && !parts.includes(request.url)) await kept.delete(request);
}

self.addEventListener("message", (event) => {
  if (event.data?.parts) event.waitUntil(keep(event.data.parts).then(() => event.source.postMessage("kept")));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  if (PARTS.test(pathname)) event.respondWith(part(event.request));
  else if (event.request.mode === "navigate") event.respondWith(page(event.request));
});
