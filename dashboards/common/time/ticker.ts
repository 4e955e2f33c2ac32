/** A clock tick each second from a worker: browsers slow a hidden tab's own timers to one a minute. */
const TICK_MS = 1_000;
setInterval(() => postMessage(0), TICK_MS);
