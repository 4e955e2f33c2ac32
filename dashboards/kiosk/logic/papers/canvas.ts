import { straightSize, type Corners, type Size } from "./geometry";
import { foundCorners, straightened, verdictOf, type Pixels, type Verdict } from "./pixels";

/** A page of A4 with so many pixels on its longer side can be read to its small print. */
const MOST_PIXELS = 2_000;
/** Below what the daemon takes (edge.papers.album). */
const MOST_BYTES = 1_200_000;
/** How much smaller and how much coarser, until it is small enough. */
const TRIES: readonly (readonly [scale: number, quality: number])[] = [
  [1, 0.85],
  [1, 0.7],
  [0.75, 0.7],
  [0.5, 0.6],
];
const JUDGED_WIDTH = 400;
const SEARCHED_WIDTH = 240;

function blank({ width, height }: Size): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function brush(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return context;
}

const pixelsOf = (canvas: HTMLCanvasElement): Pixels =>
  brush(canvas).getImageData(0, 0, canvas.width, canvas.height);

function scaled(canvas: HTMLCanvasElement, scale: number): HTMLCanvasElement {
  const width = Math.max(1, Math.round(canvas.width * scale));
  const small = blank({ width, height: Math.max(1, Math.round(canvas.height * scale)) });
  brush(small).drawImage(canvas, 0, 0, small.width, small.height);
  return small;
}

const narrow = (canvas: HTMLCanvasElement, width: number): Pixels =>
  pixelsOf(scaled(canvas, Math.min(1, width / canvas.width)));

/** What the camera sees now. */
export function still(video: HTMLVideoElement): HTMLCanvasElement {
  const canvas = blank({ width: video.videoWidth, height: video.videoHeight });
  brush(canvas).drawImage(video, 0, 0);
  return canvas;
}

export const cornersIn = (picture: HTMLCanvasElement): Corners =>
  foundCorners(narrow(picture, SEARCHED_WIDTH));

/** The paper alone, laid straight. */
export function cropped(picture: HTMLCanvasElement, corners: Corners): HTMLCanvasElement {
  const size = straightSize(corners, picture, MOST_PIXELS);
  const { data, width, height } = straightened(pixelsOf(picture), corners, size);
  const canvas = blank(size);
  brush(canvas).putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
}

export const judged = (paper: HTMLCanvasElement): Verdict => verdictOf(narrow(paper, JUDGED_WIDTH));

/** As JPEG, as good as its bound allows; nothing but its pixels is in it. */
export async function jpegOf(paper: HTMLCanvasElement): Promise<Blob> {
  for (const [scale, quality] of TRIES) {
    const sized = scale === 1 ? paper : scaled(paper, scale);
    const jpeg = await new Promise<Blob | null>((done) => {
      sized.toBlob(done, "image/jpeg", quality);
    });
    if (jpeg && jpeg.size <= MOST_BYTES) return jpeg;
  }
  throw new Error("no picture");
}
