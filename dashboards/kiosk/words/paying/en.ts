import type { PayingWords } from "./vi";

export const en: PayingWords = {
  page: {
    asking: { title: "Asking for the bills", hint: "A few seconds, please. Whoever bills is being asked." },
    bills: {
      title: "Choose the bill to pay",
      hint: "See whether the partly hidden name is the right one, then touch a bill.",
    },
    "no-bills": {
      title: "There is nothing to pay",
      hint: "Whoever bills says that this customer code owes nothing. Nothing is charged.",
    },
    opening: { title: "Preparing the payment code", hint: "A few seconds, please. Nothing is charged yet." },
    pay: {
      title: "Scan this code to pay",
      hint: "Open your bank’s or wallet’s application on your phone and scan the QR code.",
    },
    paid: { title: "The money has arrived, thank you", hint: "Touch the button below for your receipt." },
    over: {
      title: "The payment code has expired",
      hint: "If you have not paid, nothing was charged. If you have, the money is counted or returned.",
    },
  },
  trouble: {
    offline: {
      title: "The station is offline: paying is not possible now",
      hint: "Nothing is charged. What you sent is kept here. Please try again in a few minutes.",
    },
    "out-of-reach": {
      title: "Whoever bills does not answer",
      hint: "Nothing is charged. Please try again in a few minutes.",
    },
    "unknown-account": {
      title: "This customer code was not found",
      hint: "Please look at the paper bill or the message, and begin again. Nothing is charged.",
    },
    "paid-already": {
      title: "This bill is paid already",
      hint: "There is nothing left to pay. Please do not transfer more.",
    },
    "not-offered": {
      title: "This cannot be paid at the station yet",
      hint: "Please pay the way you are used to. Nothing is charged.",
    },
  },
  changed: "The bills have just changed. Please look and choose again.",
  holder: "In the name of",
  bills: "Open bills",
  period: (period) => `Period ${period}`,
  due: (day) => `Due ${day}`,
  unpaid: "NOT PAID",
  amount: "Amount",
  reference: "Payment code",
  left: (time) => `The code can be used for ${time}`,
  until: (time) => `If you leave, it can still be paid until ${time}. No cash, and no card number is asked.`,
  qr: (provider) => `QR code to pay by ${provider}`,
  qrFailed: "The code could not be drawn. Please choose another way or try again.",
  ways: "Ways to pay",
  provider: { bank: "Bank (VietQR)", vnpay: "VNPAY", momo: "MoMo wallet" },
  partly: (taken, rest) => `${taken} has arrived, ${rest} is missing. Please scan and transfer the rest.`,
  over: (rest) => `${rest} too much has arrived. It will be returned.`,
  unheard: "The station is offline. The code still works; you are told when the line is back.",
  clearing: "Waiting for the bill to be cleared.",
  cleared: "The bill is cleared.",
  receipt: "Receipt number",
  invoice: "E-invoice",
  again: "Try again",
  renew: "Get a new code",
  back: "Choose another bill",
  done: "Get the receipt",
  end: "Finish and wipe the screen",
};
