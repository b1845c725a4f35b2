/** What is wrong with a value; `at` is the way to it from the field, empty for the field itself. */
export interface Problem {
	readonly at: readonly (string | number)[];
	readonly msg: string;
	readonly type: string;
}

/**
 * In: what is wrong. Out: the list with that one problem of the field itself.
 */
export function problem(type: string, msg: string): readonly Problem[] {
	return [{ at: [], msg, type }];
}
