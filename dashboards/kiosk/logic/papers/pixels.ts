import { INSIDE, areaOf, isConvex, projection, type Corners, type Point, type Size } from "./geometry";

/** Pixels as a canvas gives them: red, green, blue and opacity, row by row. */
export interface Pixels extends Size {
  readonly data: Uint8ClampedArray;
}

/** The paper laid straight: each of its pixels from the four of the picture around its place. */
export function straightened(picture: Pixels, corners: Corners, { width, height }: Size): Pixels {
  const { a, b, c, d, e, f, g, h } = projection(corners);
  const data = new Uint8ClampedArray(width * height * 4);
  const right = picture.width - 1;
  const low = picture.height - 1;
  for (let row = 0, out = 0; row < height; row += 1) {
    const v = (row + 0.5) / height;
    for (let column = 0; column < width; column += 1, out += 4) {
      const u = (column + 0.5) / width;
      const w = g * u + h * v + 1;
      const x = Math.min(right, Math.max(0, ((a * u + b * v + c) / w) * picture.width - 0.5));
      const y = Math.min(low, Math.max(0, ((d * u + e * v + f) / w) * picture.height - 0.5));
      blend(picture, x, y, data, out);
    }
  }
  return { width, height, data };
}

function blend(
  { width, height, data }: Pixels,
  x: number,
  y: number,
  into: Uint8ClampedArray,
  out: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const partX = x - left;
  const partY = y - top;
  const here = (top * width + left) * 4;
  const next = left + 1 < width ? 4 : 0;
  const below = top + 1 < height ? width * 4 : 0;
  for (let channel = 0; channel < 4; channel += 1) {
    const at = here + channel;
    const upper = (data[at] ?? 0) * (1 - partX) + (data[at + next] ?? 0) * partX;
    const lower = (data[at + below] ?? 0) * (1 - partX) + (data[at + below + next] ?? 0) * partX;
    into[out + channel] = upper * (1 - partY) + lower * partY;
  }
}

/** How light each pixel is, 0 to 255 (ITU-R BT.601). */
export function lights({ data }: Pixels): Uint8Array {
  const found = new Uint8Array(data.length / 4);
  for (let index = 0, at = 0; index < found.length; index += 1, at += 4)
    found[index] = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  return found;
}

/** What is wrong with a picture, the worst first; null: it can be read as far as a machine can tell. */
export type Verdict = "dark" | "bright" | "blurry" | null;

/** Set by hand for pictures of 400 pixels' width and tried on the invented lease of the tests alone: a station's camera may want others. */
const DARK = 60;
const GLARE = 252;
const GLARING_PART = 0.7;
const BLURRED = 45;

export function verdictOf(small: Pixels): Verdict {
  const light = lights(small);
  const mean = light.reduce((sum, each) => sum + each, 0) / light.length;
  if (mean < DARK) return "dark";
  const glaring = light.reduce((count, each) => count + (each >= GLARE ? 1 : 0), 0);
  if (glaring > GLARING_PART * light.length) return "bright";
  return sharpness(light, small) < BLURRED ? "blurry" : null;
}

/** The variance of the Laplacian: small where no edge is sharp (Pech-Pacheco and others, ICPR 2000). */
export function sharpness(light: Uint8Array, { width, height }: Size): number {
  let sum = 0;
  let squares = 0;
  const count = (width - 2) * (height - 2);
  for (let row = 1; row < height - 1; row += 1)
    for (let at = row * width + 1; at < (row + 1) * width - 1; at += 1) {
      const around =
        (light[at - 1] ?? 0) + (light[at + 1] ?? 0) + (light[at - width] ?? 0) + (light[at + width] ?? 0);
      const edge = around - 4 * (light[at] ?? 0);
      sum += edge;
      squares += edge * edge;
    }
  return count <= 0 ? 0 : squares / count - (sum / count) ** 2;
}

const LEAST_PART = 0.15;
const MOST_PART = 0.97;

/** Where a light paper lies on a darker ground: its outermost light pixels; in the middle when nothing looks like one. */
export function foundCorners(small: Pixels): Corners {
  const light = lights(small);
  const limit = threshold(light);
  const best = [Infinity, -Infinity, -Infinity, Infinity];
  const found: Point[] = [...INSIDE];
  for (let row = 0, at = 0; row < small.height; row += 1)
    for (let column = 0; column < small.width; column += 1, at += 1) {
      if ((light[at] ?? 0) <= limit) continue;
      [column + row, column - row, column + row, column - row].forEach((reach, index) => {
        const isFurther =
          index === 0 || index === 3 ? reach < (best[index] ?? 0) : reach > (best[index] ?? 0);
        if (!isFurther) return;
        best[index] = reach;
        found[index] = { x: (column + 0.5) / small.width, y: (row + 0.5) / small.height };
      });
    }
  const corners = found as unknown as Corners;
  const part = areaOf(corners);
  return isConvex(corners) && part > LEAST_PART && part < MOST_PART ? corners : INSIDE;
}

/** The lightness that parts a picture best into two (Otsu, 1979). */
export function threshold(light: Uint8Array): number {
  const counts = new Array<number>(256).fill(0);
  for (const each of light) counts[each] = (counts[each] ?? 0) + 1;
  const total = counts.reduce((sum, count, value) => sum + count * value, 0);
  let [below, sumBelow, best, at] = [0, 0, -1, 0];
  counts.forEach((count, value) => {
    below += count;
    sumBelow += count * value;
    const above = light.length - below;
    if (below === 0 || above === 0) return;
    const apart = sumBelow / below - (total - sumBelow) / above;
    const between = below * above * apart * apart;
    if (between > best) [best, at] = [between, value];
  });
  return at;
}
