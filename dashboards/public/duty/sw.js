// Shows what the centre pushes while no console is open. It caches nothing: a duty console must never be an old one.
const HOME = "/duty/";

self.addEventListener("push", (event) => {
  const { station = "", ward = "", drill = false } = read(event.data);
  event.waitUntil(
    self.registration.showNotification(`${drill ? "DIỄN TẬP" : "SOS"} ${station}`.trim(), {
      body: ward,
      icon: "/duty/icon.svg",
      tag: `${drill}-${ward}-${station}`,
      renotify: true,
      requireInteraction: !drill,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

/** The console itself knows what is most urgent: it only has to be in front. */
async function open() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const known = windows.find((each) => new URL(each.url).pathname.startsWith(HOME));
  return known ? known.focus() : self.clients.openWindow(HOME);
}
