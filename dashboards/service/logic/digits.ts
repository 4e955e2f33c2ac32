/** Digits of a passkey, as devices show it. */
export const PASSKEY_LENGTH = 6;
