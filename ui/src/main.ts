import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/elements.css";

const root = document.getElementById("app");
if (!root) throw new Error("the page has no element `app`");
mount(App, { target: root });
