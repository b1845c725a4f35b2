import type { Answer, Call } from '../http/answer';
import type { SandboxState } from '../state';
import type { Caller } from './caller';

/** A call whose caller is known and may make it. */
export interface Request {
	readonly state: SandboxState;
	readonly call: Call;
	readonly caller: Caller;
	/** What the groups of the route's path matched. */
	readonly params: readonly string[];
	readonly nowMs: number;
}

export interface Route {
	readonly method: 'GET' | 'POST';
	readonly path: RegExp;
	/** null: any key will do. */
	readonly scope: string | null;
	readonly handle: (request: Request) => Answer;
}
