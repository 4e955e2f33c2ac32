import { describe } from "vitest";
import { holdTogether, NONE } from "../../dev/catalogues";
import { en } from "./en";
import { vi } from "./vi";

describe("the catalogues", () => holdTogether(vi, en, NONE));
