import type { Case } from './cases';

/** An error, as the user finds it. */
export interface ErrorSeen {
	message: string;
	description: string;
	/** Which item it is said to be of. */
	item: number | undefined;
	runId: string | undefined;
	/** The runs of the other items that it lists, by item. */
	others: Record<number, string>;
}

/** One item that came out of the node, and the item that it is linked to. */
export interface ItemSeen {
	item: number | undefined;
	run?: { id: string; status: string; files: number };
	error?: ErrorSeen;
}

/** The state of an execution. */
export interface Result {
	status: 'success' | 'error' | 'waiting' | 'hung' | 'other';
	items: ItemSeen[];
	/** The error that ended it. */
	thrown: ErrorSeen | undefined;
	/** Length of what n8n stores of it, in characters, without its files. */
	storedLength: number;
}

/** A run that Runflow has accepted. */
export interface Paid {
	id: string;
	item: number;
	isFree: boolean;
}

/** What came of one case. */
export interface Observation {
	case: Case;
	/** How many requests met the fault. */
	met: number;
	seconds: number;
	/** The execution as the user finds it, and the runs accepted by then. */
	first: Result;
	paidFirst: Paid[];
	/** After Retry, or after Runflow answers again where the execution still waited. */
	second: Result | undefined;
	paid: Paid[];
	/** Items that the node got. */
	items: number;
	/** Whether finished files belong to each result. */
	wantsFiles: boolean;
	/** Where a secret was found. */
	leaks: string[];
}
