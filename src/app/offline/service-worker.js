/**
 * Keeps the whole page in the browser, so that it opens without a network after its first visit. The build puts the
 * version and the list of files in. Plain JavaScript because the browser runs this file as it is. Keeps nothing of
 * anybody's networks; those are in the page's own database.
 */
const VERSION = '__VERSION__';
const FILES = __FILES__;
const CACHE = `wetware-${VERSION}`;

self.addEventListener('install', (event) => {
  // From the server: a page of the version before, which the browser may still have, asks for files that are gone.
  const fresh = FILES.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

// Until then pages of the version before go on with the files that they know.
self.addEventListener('activate', (event) => {
  const others = caches
    .keys()
    .then((names) =>
      Promise.all(
        names
          .filter((name) => name.startsWith('wetware-') && name !== CACHE)
          .map((name) => caches.delete(name)),
      ),
    );
  event.waitUntil(others.then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  // Files are the same whoever asks, also where a server says that they vary by origin.
  const options = { ignoreSearch: request.mode === 'navigate', ignoreVary: true };
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(request, options))
      .then((kept) => kept ?? fetch(request)),
  );
});
