/** What the station's voice and its QR code are here: a short quiet tone, and a picture that looks like one. */
const RATE_HZ = 8_000;
const SECONDS = 0.25;
const TONE_HZ = 440;
const HEADER = 44;

export function toneWav(): Buffer {
  const count = Math.round(RATE_HZ * SECONDS);
  const wav = Buffer.alloc(HEADER + count * 2);
  wav.write("RIFF", 0, "latin1");
  wav.writeUInt32LE(HEADER - 8 + count * 2, 4);
  wav.write("WAVEfmt ", 8, "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1)
    wav.writeInt16LE(
      Math.round(1_500 * Math.sin((2 * Math.PI * TONE_HZ * index) / RATE_HZ)),
      HEADER + index * 2,
    );
  return wav;
}

const SIZE = 41;

export function qrLike(): string {
  const corner = (x: number, y: number) =>
    `<path d="M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5z" fill-rule="evenodd"/><path d="M${x + 2} ${y + 2}h3v3h-3z"/>`;
  const isCorner = (x: number, y: number) =>
    (x < 8 || x > SIZE - 9) && y < 8 ? true : x < 8 && y > SIZE - 9;
  const cells = Array.from(
    { length: SIZE * SIZE },
    (_, index) => [index % SIZE, Math.floor(index / SIZE)] as const,
  )
    .filter(([x, y]) => !isCorner(x, y) && (x * 7 + y * 13 + ((x * y) % 11)) % 5 < 2)
    .map(([x, y]) => `M${x} ${y}h1v1h-1z`);
  const corners = corner(0, 0) + corner(SIZE - 7, 0) + corner(0, SIZE - 7);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 ${SIZE + 8} ${SIZE + 8}"><path d="${cells.join("")}"/>${corners}</svg>`;
}

/** The face in the chip of somebody who does not exist; a real station sends a JPEG. */
export const faceLike = (): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 120"><path fill="#bcd3e6" d="M0 0h90v120H0z"/><path fill="#26323a" d="M24 52c0-30 42-30 42 0v14H24z"/><path fill="#e2b48f" d="M29 50c0-22 32-22 32 0 0 14-6 26-16 26S29 64 29 50zM37 72h16v16H37z"/><path fill="#f4f4f4" d="M8 120c0-26 14-32 29-36l8 8 8-8c15 4 29 10 29 36z"/></svg>`;
