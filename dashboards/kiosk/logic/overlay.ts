/** What may lie over a screen; SOS and the fixed buttons stay reachable below all of them. */
export type OverlayName = "help" | "qr" | "call" | "withdraw" | "sos" | "idle";
