const LINE_PX = 5;
const MARGIN_PX = 24;
const FULL = 100;

/** Draws the newest sample at the right edge; colour and size are the canvas's own. */
export function drawWave(canvas: HTMLCanvasElement, samples: readonly number[], capacity: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const room = height - 2 * MARGIN_PX;
  const step = (width - 2 * MARGIN_PX) / Math.max(1, capacity - 1);
  const left = width - MARGIN_PX - (samples.length - 1) * step;
  context.beginPath();
  samples.forEach((sample, index) =>
    context.lineTo(left + index * step, MARGIN_PX + room * (1 - sample / FULL)),
  );
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = LINE_PX;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.stroke();
}
