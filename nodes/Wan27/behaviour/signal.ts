/** What of an AbortSignal is needed to wait for an end. */
export interface Signal {
	readonly aborted: boolean;
	addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal together with the means to give it, which may be handed on by itself. */
export interface Bell extends Signal {
	abort: () => void;
}

/**
 * A signal that a thousand items may wait for. Node's own takes long to make, goes through all who listen at each one
 * more, and warns of a leak at the eleventh.
 */
export function bell(): Bell {
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
