import type { DraftWords } from "./drafts-vi";

export const en: DraftWords = {
  later: "Later: keep what I filled in",
  keep: {
    title: "Keep what you filled in and go on later?",
    hint: "It is not submitted. Come back to this same station when you are ready.",
    facts: [
      "It is sealed inside the station. Only your code or your card opens it.",
      "It is kept for 7 days, then deleted. Once submitted, it is deleted too.",
      "Nothing of your identity card and no pictures are kept. Next time the card is read and pictures are taken again.",
      "An answer that you are typing is kept only after “Continue”.",
    ],
    byCode: "Keep it and give me a code",
    byCodeDetail: "The code is shown here, and can be printed",
    byCard: "Keep it by my identity card, without a code",
    byCardDetail: "Replaces what this card kept of this service before, if anything",
  },
  kept: {
    title: "Kept at this station",
    hintByCode:
      "Take a picture, write it down or print it. The station does not have the code: lost is lost.",
    hintByCard: "Next time choose “Go on with a draft”, then say that it is kept by identity card.",
    code: "Code to go on",
    secret: "Whoever has it can open it. Please give it to nobody.",
    until: "Kept until",
    card: "Tied to the identity card that was just read",
    notSubmitted: "It is only kept. Nothing was sent to any office.",
    print: "Print the code",
    finish: "Done, wipe the screen",
  },
  resume: {
    title: "Enter the code to go on",
    hint: "It has 13 letters and digits, on your paper or in your picture. The dashes are not needed.",
    code: "Code to go on",
    example: "For example: K7QM-3VXPW-2HFD",
    open: "Open the draft",
    wait: (seconds) => `Please wait ${seconds} seconds`,
    waitText: "Several codes did not fit. Please look at your code while you wait.",
    byCard: "I kept it by my identity card",
    cardTitle: "Which service is it?",
    cardHint: "Choose the same service, then have your card read. The station opens what you filled in.",
    services: "Services that read the card",
    fault: {
      mistyped: "The code is not typed right yet. Please look at every letter and digit.",
      unknown:
        "Nothing is kept here for this code: it is another code, older than 7 days, or already submitted.",
      damaged: "What was kept is damaged, cannot be read, and was deleted. Please fill it in again.",
      unreadable: "The station cannot open it right now. Nothing is lost; please try in some minutes.",
      "not-offered": "This station no longer takes that service. Please ask the one-stop desk of the ward.",
    },
    faultTitle: "The draft is not open yet",
  },
  found: {
    title: "Your draft is open",
    answered: (count) => (count === 1 ? "1 answer is still there" : `${count} answers are still there`),
    until: (day) => `It is kept until ${day}`,
    changed: "This service was changed since then",
    anew: "To be answered again",
    nothingAnew: "Nothing that you filled in has to be answered again",
    proceed: "Go on",
    forget: "Delete it",
    sure: "Press again to delete it for good",
  },
  waiting: { title: "One moment, please", hint: "The station writes or opens what is kept." },
  beginAnew: "Begin a new one",
  tryAgain: "Back to my answers",
  trouble: {
    "no-room": {
      title: "The station cannot keep another draft",
      hint: "Its room is full. Your answers are still on the screen, nothing is lost.",
      next: "You may go on and submit now, or go to the one-stop desk of the ward.",
    },
    "not-kept": {
      title: "The station cannot do this right now",
      hint: "Nothing more was kept, and nothing was deleted.",
      next: "Please try again in some minutes, or go on and submit. The technicians can see this.",
    },
    "no-draft": {
      title: "Nothing is kept for this card",
      hint: "It may be another service, older than 7 days, submitted, or at another station.",
      next: "You may begin a new one right now.",
    },
    "draft-damaged": {
      title: "What was kept is damaged and cannot be read",
      hint: "We are sorry. It was deleted; please fill it in again.",
      next: "You may begin a new one right now.",
    },
  },
  farewell: {
    title: {
      kept: "Kept, and not submitted yet",
      "still-kept": "Stopped, nothing was submitted",
      forgotten: "What was kept is deleted",
    },
    hint: {
      kept: "The screen is wiped. Keep your code or your card well, to go on at this station.",
      "still-kept": "What you kept before is still there. What you just added is wiped.",
      forgotten: "Nothing is kept at this station any more. You can begin again at any time.",
    },
  },
};
