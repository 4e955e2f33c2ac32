import type { viServices } from "./vi-services";

export const enServices: typeof viServices = {
  home: {
    title: "Welcome. What would you like to do?",
    hint: "Touch one of these. Nothing is sent before you submit it.",
    needs: "Groups of services",
  },
  guide: "Looking for something? Type a few words",
  guideDetail: "In your own words",
  need: {
    home: { title: "Where I live", text: "Temporary or permanent residence, absence" },
    family: { title: "Family", text: "Births and deaths" },
    papers: { title: "Papers", text: "Identity card, copies, judicial record" },
    money: { title: "Pay", text: "Electricity, water, internet, tuition" },
    health: { title: "Health", text: "Health insurance, book a doctor" },
    safety: { title: "Report something", text: "Safety, damage, noise" },
    "telephone-bank": { title: "Telephone, bank", text: "SIM card, bank account, VNeID" },
    talk: { title: "Talk to the police", text: "Write to your area officer" },
  },
  resume: "Go on with a draft",
  resumeDetail: "By the code or card that kept it",
  idle: "If you press nothing, all you entered is wiped and not kept. To go on another time, press “Keep it”.",
  idleKeep: "Keep it for later",
  cabin: "Measure your health",
  cabinDetail: "Blood pressure, pulse, oxygen, weight",
  refusal: {
    need: "This station has nothing in that group yet. Please choose another.",
    service: "This station cannot do that yet. Please choose something else.",
  },
  helpLines: [
    "Each screen asks one question. The way forward is always at the bottom.",
    "Press “Listen again” to hear the question, “Easier to use” for letters, colours and where to touch.",
    "Press “Back” to mend the answer before. Nothing is sent before you submit it.",
    "If you leave halfway, everything you entered is wiped, unless you pressed “Later: keep what I filled in”.",
    "Telex: aa makes â, dd makes đ, s f r x j set a tone. Type it twice to take it back.",
    "If you need somebody at once: press the red SOS button.",
  ],
};
