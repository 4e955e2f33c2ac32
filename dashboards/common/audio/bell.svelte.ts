import { PATTERNS, play, type PatternName } from "./tones";

const RESUME_TIMEOUT_MS = 1_500;

/** The alarm of this workstation. It counts as armed only while the browser really lets it sound. */
export class Bell {
  armed = $state(false);
  /** The last attempt to arm was refused by the browser. */
  failed = $state(false);
  #context: AudioContext | null = null;
  #sound: PatternName | null = null;
  #startedMs = 0;
  #silence: () => void = () => undefined;

  constructor(readonly newContext: () => AudioContext = () => new AudioContext()) {}

  /** Must be called from a key or click: browsers keep a page silent until then. */
  async arm(): Promise<boolean> {
    this.failed = false;
    try {
      this.#context ??= this.#opened();
      await Promise.race([this.#context.resume(), delay(RESUME_TIMEOUT_MS)]);
      this.armed = this.#context.state === "running";
    } catch {
      this.armed = false;
    }
    this.failed = !this.armed;
    if (this.armed) this.chime("test");
    return this.armed;
  }

  disarm(): void {
    this.armed = false;
    this.sound(null, 0);
  }

  /** Call every second and on every change: starts, repeats, changes or ends the sound. `nowMs` is monotonic. */
  sound(name: PatternName | null, nowMs: number): void {
    const changed = name !== this.#sound;
    if (changed) this.#silence();
    this.#sound = name;
    if (!name || !this.armed || !this.#context) return;
    if (!changed && nowMs - this.#startedMs < PATTERNS[name].everyMs - 100) return;
    this.#startedMs = nowMs;
    this.#silence = play(this.#context, PATTERNS[name]);
  }

  /** Sounds once, beside whatever repeats. */
  chime(name: PatternName): void {
    if (this.armed && this.#context) play(this.#context, PATTERNS[name]);
  }

  #opened(): AudioContext {
    const context = this.newContext();
    context.onstatechange = () => {
      if (context.state !== "running" && this.armed) {
        this.armed = false;
        this.failed = true;
      }
    };
    return context;
  }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
