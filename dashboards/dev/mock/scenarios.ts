import type { Action, Detail, User } from "../../common/api/types";
import { PEOPLE } from "./places.ts";
import type { World } from "./world.ts";

/** Ready-made boards to look at: nothing, one person waiting, a usual night, and far too much. */
export const SCENARIOS: Record<string, (world: World) => void> = {
  empty: () => undefined,
  one: (world) => {
    world.press("dkc-a1-01", false, 7_000);
  },
  night: (world) => {
    resolved(world, "ak-ts-01", 9 * 3_600_000, "false_press");
    resolved(world, "dkc-b2-01", 5 * 3_600_000, "founded");
    const dispatched = world.press("cl-bcv-01", false, 412_000);
    step(world, dispatched.id, "acknowledge", "dispatch");
    world.confirmShown(dispatched.id);
    const escalated = world.press("cl-nhvh-03", false, 71_000);
    world.press("cl-nhvh-03", false, 40_000);
    world.press("cl-nhvh-03", false, 12_000);
    world.escalate(escalated.id);
    world.press("dkc-b2-01", true, 25_000);
    world.press("dkc-a1-01", false, 9_000);
    breakCustody(world.details.get(dispatched.id));
  },
  many: (world) => {
    for (let index = 0; index < 40; index += 1) {
      const station = world.stations[index % world.stations.length];
      const card = world.press(station?.id ?? "", index % 7 === 6, (40 - index) * 95_000);
      if (index % 3 === 0) step(world, card.id, "acknowledge");
      if (index % 9 === 0) step(world, card.id, "dispatch", "on_scene");
    }
  },
};

const officer = (index: number): User => PEOPLE[index] as User;

function step(world: World, id: string, ...actions: ("acknowledge" | "dispatch" | "on_scene")[]): void {
  for (const action of actions) send(world, id, { action });
}

function send(world: World, id: string, action: Omit<Action, "version" | "idempotency_key">): void {
  const version = world.details.get(id)?.card.version ?? 0;
  world.act(id, officer(1), { ...action, version, idempotency_key: `${id}-${version}` });
}

function resolved(world: World, station: string, agoMs: number, resolution: "founded" | "false_press"): void {
  const { id } = world.press(station, false, agoMs);
  step(world, id, "acknowledge");
  send(world, id, { action: "resolve", resolution, note: "Đã gặp người dân tại sảnh." });
}

/** One hop without a time and one late: what a damaged custody line looks like. */
function breakCustody(detail: Detail | undefined): void {
  if (!detail) return;
  detail.custody = detail.custody
    .filter((hop) => hop.hop !== "received")
    .map((hop) => (hop.hop === "committed" ? { ...hop, late: true, after_ms: 6_420 } : hop));
}
