/**
 * What this n8n process knows of the runs it has started, over all its executions: so that a run that is
 * looked for is never one that somebody else here has started, or is starting right now.
 */
const claimed = new Set<string>();
/** Ids kept at the most; the oldest are forgotten first. */
const KEPT = 10_000;

/** Requests without an answer so far, and with an unclear one, by their body. */
const inFlight = new Map<string, number>();
const inDoubt = new Map<string, number>();

/** Notes that a run belongs to a request of ours. */
export function claimRun(runId: string): void {
	claimed.add(runId);
	const [oldest] = claimed;
	if (claimed.size > KEPT && oldest !== undefined) claimed.delete(oldest);
}

/** Whether a run belongs to a request of ours. */
export function isClaimed(runId: string): boolean {
	return claimed.has(runId);
}

/** Sends a request that starts a run, counted by its body while it has no answer. */
export async function whileInFlight<T>(body: string, send: () => Promise<T>): Promise<T> {
	return await counted(inFlight, body, send);
}

/** Does what clears up a request with an unclear answer, counted by its body meanwhile. */
export async function whileInDoubt<T>(body: string, clearUp: () => Promise<T>): Promise<T> {
	return await counted(inDoubt, body, clearUp);
}

/** How many requests with this body have no answer so far. */
export function countInFlight(body: string): number {
	return inFlight.get(body) ?? 0;
}

/** How many requests with this body have an unclear answer. */
export function countInDoubt(body: string): number {
	return inDoubt.get(body) ?? 0;
}

async function counted<T>(
	counts: Map<string, number>,
	key: string,
	work: () => Promise<T>,
): Promise<T> {
	counts.set(key, (counts.get(key) ?? 0) + 1);
	try {
		return await work();
	} finally {
		const left = (counts.get(key) ?? 1) - 1;
		if (left === 0) counts.delete(key);
		else counts.set(key, left);
	}
}
