import { createHash } from 'node:crypto';

/**
 * The deliveries for which a trigger has started its workflow. A process has one log for each trigger, which all its
 * requests share: n8n gives each request a copy of the static data as it was when the request came, and the last save
 * wins.
 */
export interface DeliveryLog {
	/**
	 * Each start as `digest.time`, the oldest first. A delivery that was started again is in it several times. The time is
	 * in milliseconds in base 36.
	 */
	readonly starts: string[];
	/** The starts that are being made now, by digest. They are not in `starts`, so n8n does not save them. */
	readonly pending: Map<string, Pending>;
	/** How many requests have started the workflow and will get a turn to save the list. */
	waiting: number;
	/** How many starts of the list are not saved yet. */
	unsaved: number;
}

/**
 * A start that is not complete yet: the node still fetches data, or n8n creates the execution. Until the execution
 * exists, no request may be answered with success: Runflow would not repeat the delivery.
 */
export interface Pending {
	readonly digest: string;
	readonly since: number;
	/** `unfetched`: the node could not fetch its data. `failed`: n8n could not create the execution. */
	outcome: 'open' | 'started' | 'unfetched' | 'failed';
	/** The response to the request. n8n sets the status of a failure even if the sender has left. */
	readonly response: { readonly statusCode: number };
}

/**
 * How many starts are remembered. Runflow repeats a delivery within seconds; a day is enough for most
 * workflows, and n8n writes the whole list with each start (17 KB).
 */
const MAX_STARTS = 500;
/** How many of the digest's 32 bytes are kept. They suffice, since only bodies from Runflow are accepted. */
const DIGEST_BYTES = 16;

/**
 * The delivery logs of all triggers. Lives as long as the process; only a new test in the editor drops the log of the
 * test before.
 */
class DeliveryLogs {
	readonly #byTrigger = new Map<string, DeliveryLog>();

	get(key: string): DeliveryLog {
		const known = this.#byTrigger.get(key);
		if (known !== undefined) return known;
		const deliveryLog: DeliveryLog = { starts: [], pending: new Map(), waiting: 0, unsaved: 0 };
		this.#byTrigger.set(key, deliveryLog);
		return deliveryLog;
	}

	drop(key: string): void {
		this.#byTrigger.delete(key);
	}
}

const deliveryLogs = new DeliveryLogs();

/**
 * The delivery log of one trigger in this process.
 * @param key the same for all requests to that trigger, and different for any other trigger
 */
export function deliveryLogOf(key: string): DeliveryLog {
	return deliveryLogs.get(key);
}

/** Drops what this process remembers about a trigger. What n8n has saved stays with the workflow. */
export function dropDeliveryLog(key: string): void {
	deliveryLogs.drop(key);
}

/**
 * Identifies a delivery by its bytes. Runflow repeats them exactly, and builds new ones for a manual redelivery.
 * `Runflow-Request-Id` would not work, since it differs with each request.
 * @see docs/runflow-api.md, "Callback body"
 */
export function digestOf(rawBody: Uint8Array): string {
	const digest = createHash('sha256').update(rawBody).digest();
	return digest.subarray(0, DIGEST_BYTES).toString('base64url');
}

/**
 * Adds the starts that n8n has saved, from this process before a restart or from another one. The newest starts of all
 * are kept.
 */
export function mergeSaved(deliveryLog: DeliveryLog, saved: unknown): void {
	if (!Array.isArray(saved) || saved === deliveryLog.starts) return;
	const known = new Set(deliveryLog.starts);
	const savedStarts = saved.filter((start) => typeof start === 'string');
	const inSaved = new Set(savedStarts);
	// Runflow asked for one start of a delivery, so starts of it that two processes made at the same time count as one.
	const unmatched = new Map<string, number>();
	for (const digest of deliveryLog.starts.filter((start) => !inSaved.has(start)).map(digestIn)) {
		unmatched.set(digest, (unmatched.get(digest) ?? 0) + 1);
	}
	const others = savedStarts.filter((start) => {
		if (known.has(start)) return false;
		const digest = digestIn(start);
		const count = unmatched.get(digest) ?? 0;
		unmatched.set(digest, count - 1);
		return count <= 0;
	});
	if (others.length === 0) return;
	deliveryLog.starts.push(...others);
	deliveryLog.starts.sort((a, b) => timeIn(a) - timeIn(b));
	forgetOldest(deliveryLog);
}

/** How often the workflow was started for these bytes. */
export function countStarts({ starts }: DeliveryLog, digest: string): number {
	return starts.reduce((count, start) => count + (digestIn(start) === digest ? 1 : 0), 0);
}

/** Records a start. */
export function noteStart(deliveryLog: DeliveryLog, digest: string): void {
	deliveryLog.starts.push(`${digest}.${Date.now().toString(36)}`);
	forgetOldest(deliveryLog);
}

function digestIn(start: string): string {
	return start.split('.', 1)[0] ?? '';
}

/** The time of a start. Without one it is 0: older than all that have a time. */
function timeIn(start: string): number {
	return parseInt(start.split('.')[1] ?? '', 36) || 0;
}

/** The turn of one request to save the list. */
export interface SaveTurn {
	/**
	 * Whether the list must be written now. Call it when n8n is about to save.
	 * @param mayWrite if false, the start stays unsaved, and the next request saves it
	 */
	isDue(mayWrite: boolean): boolean;
	/** Call it when the request is over, with any result. */
	end(): void;
}

/**
 * How many starts may be unsaved while later requests are in progress that will save them. A crash of n8n can lose this
 * many. (When n8n shuts down normally, all requests still get their turn.)
 */
const MAX_UNSAVED = 8;

/**
 * Queues a request for saving. n8n has one writer to its database, which the executions already keep busy. So of requests
 * that come together, the last one writes for all.
 */
export function queueForSaving(deliveryLog: DeliveryLog): SaveTurn {
	let waits = true;
	deliveryLog.waiting += 1;
	const end = (): void => {
		if (waits) deliveryLog.waiting -= 1;
		waits = false;
	};
	return {
		end,
		isDue: (mayWrite) => {
			end();
			deliveryLog.unsaved += 1;
			if (!mayWrite) return false;
			if (deliveryLog.waiting > 0 && deliveryLog.unsaved < MAX_UNSAVED) return false;
			deliveryLog.unsaved = 0;
			return true;
		},
	};
}

function forgetOldest({ starts }: DeliveryLog): void {
	starts.splice(0, Math.max(0, starts.length - MAX_STARTS));
}
