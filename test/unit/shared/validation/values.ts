/** For a rule that reads no other parameter. */
export const readNothing = () => undefined;

/** An object that JSON cannot hold. */
export const CIRCULAR: { inner?: unknown } = {};
CIRCULAR.inner = CIRCULAR;

/** What to do about an object that became text. */
export const PICK_A_FIELD =
	'Remove every space and character outside of {{ }}, or pick a single field in the expression.';
