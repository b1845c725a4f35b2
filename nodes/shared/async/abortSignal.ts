/** What of an AbortSignal is needed to wait for an end. */
export interface Signal {
	readonly aborted: boolean;
	addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal with the function that aborts it, which may be passed on by itself. */
export interface AbortableSignal extends Signal {
	abort: () => void;
}

/**
 * A signal that a thousand items may wait for. Node's own takes long to make, goes through all who listen at each one
 * more, and warns of a leak at the eleventh.
 */
export function createSignal(): AbortableSignal {
	const listeners = new Set<() => void>();
	// No getter: an object with one takes Node long to make.
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
