import { Visitor } from "../../common/session/visitor.svelte";
import { mayAct, mayDrill } from "../logic/actions";

/** Who is at this console, and what they may do there. */
export class Officer extends Visitor {
  mayAct = $derived(this.user !== null && mayAct(this.user.role));
  mayDrill = $derived(this.user !== null && mayDrill(this.user.role));
}
