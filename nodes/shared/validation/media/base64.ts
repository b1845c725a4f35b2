/** What a text or a Buffer holds. */
export interface Content {
	/** Without line breaks, and with its padding. */
	base64: string;
	/** What a `data:` address says that it is. */
	mimeType?: string;
}

/**
 * The content of a file within an item: base64 as n8n has it, the same behind `data:image/png;base64,` as browsers have
 * it, or bytes as a Code node may leave them.
 * @returns undefined where it is none of these
 */
export function readContent(data: unknown): Content | undefined {
	const bytes = readBytes(data);
	if (bytes !== undefined) return { base64: bytes.toString('base64') };
	if (typeof data !== 'string') return undefined;
	if (/^\s*data:/i.test(data)) return readDataUri(data.trim());
	const base64 = data === '' ? '' : readBase64(data);
	return base64 === undefined ? undefined : { base64 };
}

/** A file that is given within the text itself. @see docs/runflow-api.md, "Media inputs" */
export function readDataUri(uri: string): (Content & { mimeType: string }) | undefined {
	const comma = uri.indexOf(',');
	const mimeType = /^data:([^;]*)(?:;[^;]*)*;base64$/i.exec(uri.slice(0, Math.max(0, comma)))?.[1];
	const base64 = readBase64(uri.slice(comma + 1));
	return mimeType === undefined || base64 === undefined ? undefined : { mimeType, base64 };
}

/** Base64 without line breaks and with its padding; many tools write it otherwise. */
function readBase64(text: string): string | undefined {
	const whole = text.replace(/\s+/g, '');
	const digits = whole.replace(/={1,2}$/, '');
	// Search for one bad character: matching all good ones overflows on tens of megabytes.
	if (digits === '' || digits.length % 4 === 1 || /[^\w+/]|_/.test(digits)) return undefined;
	// The text itself where it needs no change: no second copy of tens of megabytes.
	return whole.length % 4 === 0 ? whole : digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}

/** Bytes as they are, or as JSON writes a Buffer. */
function readBytes(data: unknown): Buffer | undefined {
	if (data instanceof ArrayBuffer) return Buffer.from(data);
	if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	if (typeof data !== 'object' || data === null || !('type' in data && 'data' in data)) {
		return undefined;
	}
	const { type, data: bytes } = data;
	const isWritten = type === 'Buffer' && Array.isArray(bytes) && bytes.every(Number.isInteger);
	return isWritten ? Buffer.from(bytes as number[]) : undefined;
}
