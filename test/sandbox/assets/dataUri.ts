/** A data URI taken apart. */
export interface DataUri {
	readonly mimeType: string;
	readonly base64: string;
}

/**
 * In: any text. Out: its parts when it is `data:<mime>;base64,…` with something well formed in it, otherwise null.
 * @see docs/runflow-api.md, "Media inputs"
 */
export function parseDataUri(text: string): DataUri | null {
	if (!text.startsWith('data:')) return null;
	const comma = text.indexOf(',');
	const mimeType = /^data:([\w.+-]+\/[\w.+-]+);base64$/.exec(
		text.slice(0, Math.max(0, comma)),
	)?.[1];
	const base64 = text.slice(comma + 1);
	// A search for one bad character, because a match of all good ones overflows on tens of megabytes.
	if (mimeType === undefined || base64 === '' || /[^A-Za-z0-9+/=]/.test(base64)) return null;
	return base64.length % 4 === 0 ? { mimeType, base64 } : null;
}
