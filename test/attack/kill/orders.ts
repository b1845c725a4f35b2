/** How the node hands its run on: the values of its parameter Completion. */
export const MODES = ['immediately', 'polling', 'callback'] as const;
export type Mode = (typeof MODES)[number];

/**
 * What the user has given the node so that a crash of n8n costs nothing: a Client Reference, by which a run is found
 * again in Runflow; or an Idempotency Key of their own beside it, where Runflow honours it.
 * @see docs/never-pay-twice.md
 */
export const PRECAUTIONS = ['reference', 'key'] as const;
export type Precaution = (typeof PRECAUTIONS)[number];

/** One thing that a customer wants: one execution of n8n, and one run, whatever happens to n8n. */
export interface Order {
	/** Found nowhere else: it is prompt, Client Reference and, where there is one, Idempotency Key. */
	readonly name: string;
	readonly mode: Mode;
	readonly precaution: Precaution;
}

const NAME = /(?:immediately|polling|callback)-order-\d{5}/;

/** So many orders of a mode, every other one with a key. */
export function makeOrders(mode: Mode, count: number): Order[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `${mode}-order-${String(index).padStart(5, '0')}`,
		mode,
		precaution: index % 2 === 0 ? 'reference' : 'key',
	}));
}

/** The name of the order that a text is about. */
export function orderNamed(text: string): string | undefined {
	return NAME.exec(text)?.[0];
}
