// Shows what the centre pushes while no console is open. It caches nothing: a duty console must never be an old one.
const HOME = "/duty/";

self.addEventListener("push", (event) => {
  const news = read(event.data);
  event.waitUntil(
    self.registration.showNotification(news.title ?? "SOS", {
      body: news.body ?? "",
      tag: news.incident,
      data: { incident: news.incident },
      requireInteraction: true,
      renotify: news.incident !== undefined,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.incident));
});

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function open(incident) {
  const address = incident ? `${HOME}#/incidents/${encodeURIComponent(incident)}` : HOME;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const known = windows.find((each) => new URL(each.url).pathname.startsWith(HOME));
  if (!known) return self.clients.openWindow(address);
  await known.focus();
  return known.navigate(address).catch(() => undefined);
}
