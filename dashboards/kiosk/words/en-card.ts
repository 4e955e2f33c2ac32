import type { viCard } from "./vi-card";

export const enCard: typeof viCard = {
  field: {
    number: "Citizen number",
    name: "Full name",
    birth: "Date of birth",
    sex: "Sex",
    nationality: "Nationality",
    ethnicity: "Ethnicity",
    religion: "Religion",
    origin: "Place of origin",
    residence: "Place of residence",
    marks: "Identifying marks",
    issued: "Date of issue",
    expires: "Valid until",
    parents: "Names of parents",
    spouse: "Name of spouse",
    "old-number": "Earlier card number",
    "card-id": "Code of the chip",
    photo: "Portrait",
  },
  recipient: { "ward-police": "the ward police" },
  trouble: {
    gone: {
      title: "The card was taken before the end",
      next: "Lay the card on the reader again and leave it until the screen says done.",
    },
    silent: {
      title: "The reader does not hear the chip yet",
      next: "Take the card out of its wallet, lay it flat on the reader and try again.",
    },
    "other-card": {
      title: "This is not a citizen card with a chip",
      next: "Please lay down the citizen card. Bank or insurance cards cannot be used here.",
    },
    "wrong-key": {
      title: "This number has not opened this card's chip",
      next: "Compare it with the card on the reader, or scan the QR code, and try again.",
    },
    blocked: {
      title: "The chip has locked this way of opening",
      next: "To protect the card, this number is not tried again. The ward police can look at it.",
    },
    garbled: {
      title: "The signal between card and reader is disturbed",
      next: "Move phones and keys away, lay the card down again and try again.",
    },
    refused: {
      title: "The chip does not let this be read yet",
      next: "Lay the card down and try once more. The ward police can do this for you, too.",
    },
    unreadable: {
      title: "The station does not understand this chip yet",
      next: "That does not mean that the card is broken. The ward police can do this for you.",
    },
    tampered: {
      title: "What the chip says does not match its signature",
      next: "The station does not use it. Please take the card to the ward police to have it looked at.",
    },
    "foreign-issuer": {
      title: "The station does not know who signed this card",
      next: "It may lack new data. The ward police can do this for you.",
    },
    "issuer-expired": {
      title: "The chip's signature is outside its period",
      next: "The station does not use it. Please take the card to the ward police to have it looked at.",
    },
    "issuer-revoked": {
      title: "The chip's signature was revoked",
      next: "The station does not use it. Please take the card to the ward police to have it looked at.",
    },
    cloned: {
      title: "The chip has not shown that it is the original",
      next: "The station does not use it. Please take the card to the ward police to have it looked at.",
    },
    "other-person": {
      title: "Number and card belong to different people",
      next: "The QR code may be another card's. Scan or type the number of the card on the reader.",
    },
    "no-reader": {
      title: "The card reader is paused",
      next: "Please wait a moment and try again. Everything else at the station works.",
    },
    busy: {
      title: "Tried a few times: the card needs a pause",
      next: "The station waits so that the chip does not lock itself. Then you may try again.",
    },
    full: {
      title: "The station cannot take more at the moment",
      next: "Nothing was sent. Please try later, or go to the ward police.",
    },
    "too-late": {
      title: "The measuring has gone on or has ended",
      next: "The results are not tied to the card. You may do so at your next visit.",
    },
  },
  proof: {
    verified: {
      "chip-authentication": "Genuine: the issuer's signature is right, and the chip is no copy.",
      "active-authentication": "Genuine: the issuer's signature is right, and the chip is no copy.",
      "not-supported":
        "The issuer's signature is right, nothing was changed. This chip cannot show whether it is a copy.",
    },
    "not-checked": {
      "chip-authentication":
        "Nothing was changed, and it belongs to this chip. The issuer could not be checked here.",
      "active-authentication":
        "Nothing was changed, and it belongs to this chip. The issuer could not be checked here.",
      "not-supported": "Nothing was changed. Issuer and copies could not be checked here.",
    },
  },
  refusal: {
    number: "This does not look like a citizen number. Please compare it with the card.",
    code: "This is not the code of a citizen card. Please scan the QR code printed on the card.",
    dates: "These two dates do not fit together. Please compare them with the card.",
    field: "The procedure needs this one.",
    purpose: "This cannot be used at the moment. Please choose another.",
  },
};
