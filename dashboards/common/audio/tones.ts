/** One tone of a pattern; `gain` 0-1. */
export interface Tone {
  readonly hz: number;
  readonly atMs: number;
  readonly forMs: number;
  readonly gain: number;
}
export interface Pattern {
  readonly wave: "square" | "triangle" | "sine";
  readonly tones: readonly Tone[];
  /** From start to start when it repeats. */
  readonly everyMs: number;
}

const row = (hz: readonly number[], stepMs: number, forMs: number, gain: number): Tone[] =>
  hz.map((each, index) => ({ hz: each, atMs: index * stepMs, forMs, gain }));

/**
 * Sounds that cannot be taken for one another: the SOS alternates two high tones without a pause to speak of, a drill
 * is a soft rising third, a lost line two low pulses, one more press two quick ones, the test a single chime.
 */
export const PATTERNS = {
  sos: { wave: "square", tones: row([932, 698, 932, 698, 932, 698], 260, 240, 0.35), everyMs: 2_000 },
  drill: { wave: "triangle", tones: row([523, 659, 784], 220, 260, 0.3), everyMs: 8_000 },
  deaf: { wave: "triangle", tones: row([220, 220], 420, 300, 0.5), everyMs: 6_000 },
  again: { wave: "triangle", tones: row([988, 988], 160, 110, 0.45), everyMs: 0 },
  test: { wave: "sine", tones: row([784], 0, 350, 0.35), everyMs: 0 },
} as const satisfies Record<string, Pattern>;

export type PatternName = keyof typeof PATTERNS;

const RAMP_S = 0.012;

/** Schedules a pattern from now on; the returned function silences what has not sounded yet. */
export function play(context: AudioContext, pattern: Pattern): () => void {
  const master = context.createGain();
  master.connect(context.destination);
  for (const tone of pattern.tones) schedule(context, master, pattern.wave, tone);
  return () => master.disconnect();
}

function schedule(context: AudioContext, master: GainNode, wave: OscillatorType, tone: Tone): void {
  const startS = context.currentTime + tone.atMs / 1_000;
  const endS = startS + tone.forMs / 1_000;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = wave;
  oscillator.frequency.value = tone.hz;
  gain.gain.setValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(tone.gain, startS + RAMP_S);
  gain.gain.setValueAtTime(tone.gain, endS - RAMP_S);
  gain.gain.linearRampToValueAtTime(0, endS);
  oscillator.connect(gain).connect(master);
  oscillator.start(startS);
  oscillator.stop(endS);
}
