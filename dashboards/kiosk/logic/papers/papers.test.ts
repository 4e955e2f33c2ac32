import { describe, expect, it } from "vitest";
import { Pictures } from "../../state/pictures.svelte";
import {
  INSIDE,
  WHOLE,
  isConvex,
  moved,
  projected,
  projection,
  straightSize,
  type Corners,
} from "./geometry";
import { foundCorners, lights, straightened, verdictOf, type Pixels } from "./pixels";

const CROOKED: Corners = [
  { x: 0.3, y: 0.1 },
  { x: 0.7, y: 0.15 },
  { x: 0.75, y: 0.9 },
  { x: 0.25, y: 0.85 },
];

/** A picture whose lightness a function of its place tells. */
function drawn(width: number, height: number, light: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    data.fill(light((at % width) + 0.5, Math.floor(at / width) + 0.5), at * 4, at * 4 + 3);
    data[at * 4 + 3] = 255;
  }
  return { width, height, data };
}
const isInside = (corners: Corners, x: number, y: number): boolean =>
  corners.every((corner, index) => {
    const next = corners[(index + 1) % 4] ?? corner;
    return (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x) >= 0;
  });
const stripes = (x: number): number => (Math.floor(x / 3) % 2 ? 30 : 220);

describe("the corners of a paper", () => {
  it("stay in the picture, and in their order", () => {
    expect(moved(CROOKED, 0, { x: -3, y: 0.2 })[0]).toEqual({ x: 0, y: 0.2 });
    expect(moved(CROOKED, 0, { x: 0.9, y: 0.95 })).toBe(CROOKED);
    expect(moved(CROOKED, 0, { x: 0.68, y: 0.15 })).toBe(CROOKED);
    expect(isConvex(WHOLE) && isConvex(INSIDE) && isConvex(CROOKED)).toBe(true);
  });

  it("are where the straight paper's corners lie", () => {
    for (const corners of [WHOLE, INSIDE, CROOKED])
      WHOLE.forEach((corner, index) => {
        const { x, y } = projected(projection(corners), corner);
        expect(x).toBeCloseTo(corners[index]?.x ?? NaN);
        expect(y).toBeCloseTo(corners[index]?.y ?? NaN);
      });
  });

  it("tell how large the paper is, up to what is wanted", () => {
    expect(straightSize(WHOLE, { width: 800, height: 600 }, 2000)).toEqual({ width: 800, height: 600 });
    expect(straightSize(WHOLE, { width: 4000, height: 3000 }, 2000)).toEqual({ width: 2000, height: 1500 });
  });

  it("are found where a light paper lies on a darker ground", () => {
    const seen = drawn(240, 135, (x, y) => (isInside(CROOKED, x / 240, y / 135) ? 230 : 50));
    foundCorners(seen).forEach(({ x, y }, index) => {
      expect(Math.abs(x - (CROOKED[index]?.x ?? NaN))).toBeLessThan(0.02);
      expect(Math.abs(y - (CROOKED[index]?.y ?? NaN))).toBeLessThan(0.02);
    });
  });

  it("lie in the middle when nothing looks like a paper", () => {
    expect(foundCorners(drawn(240, 135, () => 128))).toBe(INSIDE);
    expect(foundCorners(drawn(240, 135, (x) => (x < 8 ? 230 : 20)))).toBe(INSIDE);
  });
});

describe("a paper laid straight", () => {
  it("is the picture itself when it fills it", () => {
    const seen = drawn(40, 30, (x, y) => x * 3 + y);
    const { data } = straightened(seen, WHOLE, seen);
    expect([...data]).toEqual([...seen.data]);
  });

  it("has nothing of what lay around it", () => {
    const seen = drawn(400, 300, (x, y) => (isInside(CROOKED, x / 400, y / 300) ? 230 : 50));
    const paper = straightened(seen, CROOKED, { width: 100, height: 140 });
    const light = lights(paper);
    const inner = light.filter((_, at) => at % 100 > 2 && at % 100 < 97 && at > 300 && at < 13_700);
    expect(Math.min(...inner)).toBeGreaterThan(225);
  });
});

describe("whether a picture can be read", () => {
  it("is said of a sharp one by silence", () => {
    expect(verdictOf(drawn(400, 300, stripes))).toBe(null);
  });
  it("is doubted of one out of focus, one in the dark, and one in the glare", () => {
    expect(verdictOf(drawn(400, 300, (x) => 128 + 60 * Math.sin(x / 12)))).toBe("blurry");
    expect(verdictOf(drawn(400, 300, (x) => stripes(x) / 5))).toBe("dark");
    expect(verdictOf(drawn(400, 300, (x) => (x < 300 ? 255 : stripes(x))))).toBe("bright");
  });
});

describe("the pictures of a question", () => {
  const api = (fails = false) => {
    const taken: string[] = [];
    const answer = () => (fails ? Promise.reject(new Error()) : Promise.resolve({ taken: [...taken] }));
    return {
      list: answer,
      add: () => (taken.push(`p${taken.length}`), answer()),
      discard: (_: string, name: string) => (taken.splice(taken.indexOf(name), 1), answer()),
    };
  };
  const jpeg = () => Promise.resolve(new Blob(["x"], { type: "image/jpeg" }));

  it("are what the daemon says that they are", async () => {
    const pictures = new Pictures("photos", api());
    expect(await pictures.add(jpeg)).toBe(true);
    await pictures.add(jpeg);
    expect(pictures.taken).toEqual(["p0", "p1"]);
    await pictures.discard("p0");
    expect(pictures.taken).toEqual(["p1"]);
  });

  it("stay when the next one could not be kept, or not even be made", async () => {
    const pictures = new Pictures("photos", api(true));
    pictures.taken = ["p0"];
    expect(await pictures.add(jpeg)).toBe(false);
    expect([pictures.taken, pictures.hasFailed, pictures.isBusy]).toEqual([["p0"], true, false]);
    expect(await pictures.add(() => Promise.reject(new Error()))).toBe(false);
  });
});
