/** A serial port does not tell what hangs on it: the technician says which protocol it speaks. */
export const SERIAL = { kinds: [], isSerial: true } as const;
