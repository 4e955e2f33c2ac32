import type { Api } from "../../common/api/client";
import type { Card, PushKeys } from "../../common/api/types";

const WORKER = "/duty/sw.js";

/** Notifications of the desktop, for a console whose tab is not in front. Every part may be forbidden; then it is silent. */
export class News {
  constructor(readonly api: Api) {}

  /** Call from a click. Asks once; with a push key this browser is also told while no console is open. */
  async allow(pushKey: string | null): Promise<void> {
    if (!("Notification" in window)) return;
    const answer = await Notification.requestPermission().catch(() => "denied");
    if (answer !== "granted" || pushKey === null || !("serviceWorker" in navigator)) return;
    await subscribe(this.api, pushKey).catch(() => undefined); // the console itself still rings
  }

  /** The officer signs out: this browser is no longer theirs. */
  async forget(): Promise<void> {
    const registration = await navigator.serviceWorker?.getRegistration(WORKER).catch(() => undefined);
    const subscription = await registration?.pushManager.getSubscription();
    if (!subscription) return;
    await this.api.removePush(keysOf(subscription)).catch(() => undefined);
    await subscription.unsubscribe();
  }

  tell(title: string, card: Card, onClick: () => void): void {
    if (document.visibilityState === "visible" || !("Notification" in window)) return;
    if (Notification.permission !== "granted") return;
    const body = [card.station.floor, card.station.address].filter(Boolean).join(", ");
    const notification = new Notification(title, { body, tag: card.id, requireInteraction: !card.drill });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
  }
}

async function subscribe(api: Api, pushKey: string): Promise<void> {
  const registration = await navigator.serviceWorker.register(WORKER);
  const known = await registration.pushManager.getSubscription();
  const options = { userVisibleOnly: true, applicationServerKey: pushKey };
  await api.addPush(keysOf(known ?? (await registration.pushManager.subscribe(options))));
}

function keysOf(subscription: PushSubscription): PushKeys {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint ?? "", keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } };
}
