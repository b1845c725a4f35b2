/**
 * In: epoch milliseconds, or null. Out: ISO 8601 with `+00:00` and never `Z`, or null.
 * @see docs/runflow-api.md, "Callback body"
 */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString().replace('Z', '+00:00');
}
