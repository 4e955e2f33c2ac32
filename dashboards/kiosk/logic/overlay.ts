/** What may lie over a screen; SOS and the fixed buttons stay reachable below all of them. */
export type OverlayName = "help" | "ease" | "wipe" | "qr" | "call" | "withdraw" | "sos" | "idle";
