/** A place in a picture: both from 0 to 1, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
/** The corners of a paper: upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point];
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];
const INSET = 0.08;
/** Where corners lie before anybody has said where the paper is. */
export const INSIDE = WHOLE.map(({ x, y }) => ({
  x: x * (1 - 2 * INSET) + INSET,
  y: y * (1 - 2 * INSET) + INSET,
})) as unknown as Corners;

/** Two corners never come nearer than this, so that the paper keeps its shape. */
const NEAREST = 0.05;
const within = (value: number): number => Math.min(1, Math.max(0, value));

/** The corners with one moved, as far as the picture and the other corners let it. */
export function moved(corners: Corners, index: number, to: Point): Corners {
  const next = corners.map((corner, at) =>
    at === index ? { x: within(to.x), y: within(to.y) } : corner,
  ) as unknown as Corners;
  return isConvex(next) ? next : corners;
}

/** Whether they go round a paper once, as seen from the front, none on the line between its neighbours nor upon one. */
export function isConvex(corners: Corners): boolean {
  return corners.every((corner, index) => {
    const before = corners[(index + 3) % 4] ?? corner;
    const after = corners[(index + 1) % 4] ?? corner;
    const [inX, inY] = [corner.x - before.x, corner.y - before.y];
    const turn = inX * (after.y - corner.y) - inY * (after.x - corner.x);
    return turn > NEAREST * NEAREST && Math.hypot(inX, inY) >= NEAREST;
  });
}

/** What part of the picture the paper takes, from 0 to 1. */
export function areaOf(corners: Corners): number {
  const twice = corners.reduce((sum, { x, y }, index) => {
    const next = corners[(index + 1) % 4] ?? { x, y };
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** How large the paper is when it lies straight, its longer sides decide; at most `most` pixels on a side. */
export function straightSize([a, b, c, d]: Corners, picture: Size, most: number): Size {
  const length = (one: Point, other: Point): number =>
    Math.hypot((one.x - other.x) * picture.width, (one.y - other.y) * picture.height);
  const width = Math.max(length(a, b), length(d, c));
  const height = Math.max(length(a, d), length(b, c));
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Coefficients of (u, v) -> ((au + bv + c) / w, (du + ev + f) / w), w = gu + hv + 1. */
export interface Projection {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
}

/** The projection of the unit square onto the corners (Heckbert, Fundamentals of Texture Mapping, 1989, section 2.2.3). */
export function projection([p0, p1, p2, p3]: Corners): Projection {
  const sumX = p0.x - p1.x + p2.x - p3.x;
  const sumY = p0.y - p1.y + p2.y - p3.y;
  const x1 = p1.x - p2.x;
  const x2 = p3.x - p2.x;
  const y1 = p1.y - p2.y;
  const y2 = p3.y - p2.y;
  const det = x1 * y2 - x2 * y1;
  const g = (sumX * y2 - x2 * sumY) / det;
  const h = (x1 * sumY - sumX * y1) / det;
  return {
    a: p1.x - p0.x + g * p1.x,
    b: p3.x - p0.x + h * p3.x,
    c: p0.x,
    d: p1.y - p0.y + g * p1.y,
    e: p3.y - p0.y + h * p3.y,
    f: p0.y,
    g,
    h,
  };
}

/** Where a place of the straight paper lies in the picture. */
export function projected({ a, b, c, d, e, f, g, h }: Projection, { x, y }: Point): Point {
  const w = g * x + h * y + 1;
  return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w };
}
