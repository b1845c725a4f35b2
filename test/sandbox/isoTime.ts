/**
 * In: epoch milliseconds, or null. Out: ISO 8601 with `+00:00` and never `Z`, or null.
 * Source: runflow-api.md section 5 (C-cb), "ISO 8601 with `+00:00`, not `Z`".
 */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString().replace('Z', '+00:00');
}
