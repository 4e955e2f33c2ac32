import { mount } from "svelte";
import "../common/fonts.css";
import "../common/tokens.css";
import "../common/base.css";
import App from "./App.svelte";

mount(App, { target: document.body });
