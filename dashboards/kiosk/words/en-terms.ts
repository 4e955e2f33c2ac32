import type { Words } from "./vi";

type Terms = Pick<Words, keyof (typeof import("./vi-terms"))["viTerms"]>;

export const enTerms: Terms = {
  kind: {
    "blood-pressure": "Blood pressure",
    oxygen: "Blood oxygen",
    temperature: "Temperature",
    "heart-rate": "Heart rate",
    weight: "Weight",
    height: "Height",
    glucose: "Blood glucose",
  },
  device: {
    "blood-pressure": "Upper-arm cuff",
    oxygen: "Finger clip",
    temperature: "Thermometer",
    "heart-rate": "Forearm sensor band",
    weight: "Standing scale",
    height: "Height rod",
    glucose: "Blood-drop meter",
  },
  prepare: {
    "blood-pressure": {
      title: "Sit still and put the cuff on",
      steps: [
        "Lean back, both feet flat on the floor, legs not crossed.",
        "Wrap the cuff round the bare upper arm, two fingers above the elbow.",
        "Rest the arm on the table, level with the heart. Do not talk meanwhile.",
      ],
    },
    oxygen: {
      title: "Put one finger into the clip",
      steps: [
        "The finger is dry and warm, without nail polish.",
        "Push the index finger all the way in, nail upwards.",
        "Rest the hand on the table and keep it still.",
      ],
    },
    temperature: {
      title: "Take the thermometer to your forehead",
      steps: [
        "Move the hair aside and wipe the forehead dry.",
        "Hold the thermometer three fingers away from the middle of the forehead.",
        "Press its button and hold still until it beeps.",
      ],
    },
    "heart-rate": {
      title: "Put the sensor band on your forearm",
      steps: [
        "Wear the band on the skin, just below the elbow.",
        "The side with the lights touches the skin, the strap is snug.",
        "Rest the arm on the table and breathe evenly.",
      ],
    },
    weight: {
      title: "Step on the scale with bare feet",
      steps: [
        "Take off shoes, socks and heavy coat.",
        "Put both feet on the two metal plates.",
        "Stand straight, holding nothing, until the figure stands still.",
      ],
    },
    height: {
      title: "Stand straight under the height rod",
      steps: [
        "Take off shoes and hat.",
        "Heels, back and head touch the wall.",
        "Look straight ahead and keep still.",
      ],
    },
    glucose: {
      title: "Test one drop of blood from a fingertip",
      steps: [
        "Wash and dry the hands. Put a new strip into the meter.",
        "Use a new lancet on the side of a fingertip.",
        "Touch the strip's end with the drop. Put the lancet into the yellow box.",
      ],
    },
  },
  trouble: {
    "probe-off": {
      title: "The clip does not see a finger yet",
      next: "Push the finger all the way in, keep still, then measure again.",
    },
    "cuff-loose": {
      title: "The cuff is still loose",
      next: "Wrap the cuff snugly round the upper arm, then measure again.",
    },
    "cuff-leak": {
      title: "The cuff loses air",
      next: "Plug the hose in again, wrap the cuff, then measure again.",
    },
    motion: {
      title: "The device noticed some movement",
      next: "Sit still, let the arm relax, do not talk, then measure again.",
    },
    "no-pulse": {
      title: "The device has not found a pulse yet",
      next: "Rub the hands warm, place the sensor again, then measure again.",
    },
    overpressure: {
      title: "The cuff let its air out to be safe",
      next: "Rest the arm for a minute, wrap the cuff again, then measure again.",
    },
    "low-battery": {
      title: "The device's battery is almost empty",
      next: "Please skip this one. The technician has been told.",
    },
    "timed-out": {
      title: "This attempt gave no result yet",
      next: "Follow the picture once more, then measure again.",
    },
    broken: {
      title: "This device is out of order",
      next: "Please skip this one. The others can still be measured.",
    },
    lost: {
      title: "The station lost touch with the device",
      next: "Hold the device near the screen, switch it on again, then measure again.",
    },
    silent: {
      title: "The device has not answered yet",
      next: "Check that it is on, follow the picture, then measure again.",
    },
    bond: {
      title: "The device has to be paired again",
      next: "Please skip this one. A technician will pair it again.",
    },
    radio: {
      title: "The station's Bluetooth is restarting",
      next: "Wait half a minute and measure again, or skip this one.",
    },
    implausible: {
      title: "This figure does not look right yet",
      next: "Follow the picture once more, then measure again.",
    },
    "no-value": {
      title: "The device finished without a figure",
      next: "Keep a little more still, then measure again.",
    },
    "not-recorded": {
      title: "The station could not keep this result",
      next: "It still shows on the screen. You may take a photo, then go on.",
    },
  },
  flag: {
    motion: "There was movement while measuring",
    "cuff-loose": "The cuff was a little loose",
    "irregular-pulse": "The device noticed an irregular pulse",
    "pulse-out-of-range": "The pulse was outside the device's range",
    "wrong-position": "The arm was not in the right position",
    "weak-signal": "Weak signal",
    divergent: "The readings differ a lot",
    untimed: "The device named no time",
    manual: "Typed in",
  },
  measure: {
    "systolic-pressure": "Upper",
    "diastolic-pressure": "Lower",
    "pulse-rate": "Pulse",
    "oxygen-saturation": "Blood oxygen",
    "body-temperature": "Temperature",
    "body-weight": "Weight",
    "body-height": "Height",
    "body-mass-index": "Body mass index (BMI)",
    "body-fat": "Body fat",
    glucose: "Blood glucose",
    "respiration-rate": "breathing rate",
  },
  unit: {
    "mm[Hg]": "mmHg",
    "/min": "/min",
    "%": "%",
    Cel: "°C",
    kg: "kg",
    cm: "cm",
    "kg/m2": "kg/m²",
    "mmol/L": "mmol/L",
  },
  spokenUnit: {
    "mm[Hg]": "millimetres of mercury",
    "/min": "per minute",
    "%": "percent",
    Cel: "degrees Celsius",
    kg: "kilograms",
    cm: "centimetres",
    "kg/m2": "",
    "mmol/L": "millimoles per litre",
  },
  signal: {
    good: "Good signal",
    fair: "Fair signal, please keep still",
    weak: "Weak signal, place the finger again",
    unknown: "Looking for a signal",
  },
  kept: {
    none: "Not kept. The result shows only here and is wiped at the end.",
    keep: "Kept for 90 days, without a name.",
    saving: "Being written to the station's disk…",
    failed: "The station could not keep everything. The figures stay here; you may take a photo.",
    share: "Kept for 90 days, without a name; doctors of this platform may see it.",
    withdrawn: "Consent withdrawn. What was kept will be deleted.",
  },
  sosStage: {
    recorded: {
      title: "The station has recorded your call",
      text: "It is on its way to the ward police.",
    },
    received: { title: "The centre has received it", text: "The duty officer is being alerted." },
    "police-received": {
      title: "The ward police have taken it",
      text: "The duty officer has your call and is dealing with it.",
    },
    "on-the-way": { title: "An officer is coming", text: "Stay near the station if it is safe here." },
    "on-scene": { title: "An officer is here", text: "Look for the officer near the station." },
    closed: { title: "The case is closed", text: "If you still need help, press SOS again." },
  },
};
