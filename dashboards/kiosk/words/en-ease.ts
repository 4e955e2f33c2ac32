import type { viEase } from "./vi-ease";

export const enEase: typeof viEase = {
  ease: {
    title: "Easier to use",
    text: "Touch to choose, the screen changes at once. It goes back by itself for the next person.",
    looks: "Colours of letters and ground",
    look: {
      day: "Light",
      night: "Dark",
      "black-on-white": "Black on white",
      "white-on-black": "White on black",
      "yellow-on-black": "Yellow on black",
    },
    letters: "Size of letters",
    usual: "Medium",
    elder: "Large, and more time",
    reaches: "Where to touch",
    reach: {
      whole: "Whole screen",
      "low-right": "Within reach, right hand",
      "low-left": "Within reach, left hand",
    },
    reset: "As it was before",
    done: "Done",
  },
  wipe: {
    title: "Clean the screen?",
    text: "For 30 seconds touching the screen does nothing, and neither does the SOS button on the screen. The red SOS button on the station goes on working.",
    yes: "Begin to clean, 30 seconds",
    no: "Not now",
  },
  cleaning: {
    title: "The screen is being cleaned",
    seconds: "seconds until the screen can be used again",
    text: "Touching the screen does nothing now.",
    sos: "Help at once: press the red SOS button on the station, which goes on working.",
  },
};
