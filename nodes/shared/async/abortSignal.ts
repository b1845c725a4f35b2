/** The part of an AbortSignal that waiting needs. */
export interface Signal {
	readonly aborted: boolean;
	addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal with the function that aborts it; the function needs no `this`. */
export interface AbortableSignal extends Signal {
	abort: () => void;
}

/**
 * A signal for which a thousand items may wait. Node's own is slow to create, checks all listeners when one is added,
 * and warns of a leak at the eleventh.
 */
export function createSignal(): AbortableSignal {
	const listeners = new Set<() => void>();
	// No getter: an object with one is slow to create.
	const made = {
		aborted: false,
		addEventListener: (_type: 'abort', listener: () => void) => {
			listeners.add(listener);
		},
		removeEventListener: (_type: 'abort', listener: () => void) => {
			listeners.delete(listener);
		},
		abort: () => {
			made.aborted = true;
			for (const listener of listeners) listener();
			listeners.clear();
		},
	};
	return made;
}
