/** How the node hands its run on: the values of its parameter Completion. */
export const MODES = ['immediately', 'polling', 'callback'] as const;
export type Mode = (typeof MODES)[number];

/** One order needs one execution of n8n and one run, whatever happens to n8n. */
export interface Order {
	/** Found nowhere else: it is the prompt. */
	readonly name: string;
	readonly mode: Mode;
}

const NAME = /(?:immediately|polling|callback)-order-\d{5}/;

/** So many orders of a mode. */
export function makeOrders(mode: Mode, count: number): Order[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `${mode}-order-${String(index).padStart(5, '0')}`,
		mode,
	}));
}

/** The name of the order that a text is about. */
export function orderNamed(text: string): string | undefined {
	return NAME.exec(text)?.[0];
}
