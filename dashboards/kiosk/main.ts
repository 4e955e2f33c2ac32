import { mount } from "svelte";
import "../common/fonts.css";
import "../common/tokens.css";
import "../common/touch.css";
import "../common/base.css";
import "./reach.css";
import "./zoomed.css";
import App from "./App.svelte";

mount(App, { target: document.body });
