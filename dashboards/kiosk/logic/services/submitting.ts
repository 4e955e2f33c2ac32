/** What is agreed to when something is submitted: the sentence on the page that checks the answers, in its first form. */
export const SUBMIT_TEXT = "service-submit-1";
