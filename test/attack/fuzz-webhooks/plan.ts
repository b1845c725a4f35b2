/** Which requests an attack is made of. */
export interface Plan {
	seed: number;
	/** How many altogether. */
	requests: number;
	/** The one to send alone, to see it again. */
	only?: number | undefined;
}

/** The command that carries a plan out. */
export function commandOf({ seed, requests }: Plan): string {
	return `npm run attack:fuzz -- --seed=${seed} --requests=${requests}`;
}

/** So many requests share one callback that they are made from, and one of them is that callback itself. */
export const BATCH = 100;

/** A stretch of an attack: requests from one index up to, not including, another. */
export interface Stretch {
	from: number;
	to: number;
}

/** In: a stretch. Out: the same in batches. */
export function batchesOf({ from, to }: Stretch): Stretch[] {
	return Array.from({ length: Math.ceil((to - from) / BATCH) }, (_, batch) => ({
		from: from + batch * BATCH,
		to: Math.min(from + (batch + 1) * BATCH, to),
	}));
}

/** In: where to begin, how many in all, and shares of them. Out: a stretch for each share, one after the other. */
export function stretchesOf(from: number, requests: number, shares: readonly number[]): Stretch[] {
	const whole = shares.reduce((sum, share) => sum + share, 0);
	let at = from;
	return shares.map((share) => {
		const stretch = { from: at, to: at + Math.round((requests * share) / whole) };
		at = stretch.to;
		return stretch;
	});
}

/** The numbers in a stretch to send. */
export function indexesIn({ from, to }: Stretch, { only }: Plan): number[] {
	const all = Array.from({ length: to - from }, (_, offset) => from + offset);
	return only === undefined ? all : all.filter((index) => index === only);
}
