import { describe } from "vitest";
import { holdTogether, NONE } from "../../dev/catalogues";
import { en } from "./requests-en";
import { vi } from "./requests-vi";

describe("the words for requests", () => holdTogether(vi, en, NONE));
