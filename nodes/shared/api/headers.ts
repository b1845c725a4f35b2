/**
 * Decodes a header as UTF-8, since Node reads each byte of a header as a character and many servers send UTF-8. Text that is
 * not valid UTF-8 stays unchanged.
 */
export function utf8Header(text: string): string {
	// Characters beyond a byte are not bytes of a header. Plain ASCII is the same either way.
	if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text;
	const bytes = Buffer.from(text, 'latin1');
	const read = bytes.toString('utf8');
	return Buffer.from(read, 'utf8').equals(bytes) ? read : text;
}

/**
 * An address in a header, with the bytes that no URL may hold encoded as they came. Node reads each byte as a character,
 * which a URL would encode once more.
 */
export function bytesInUrl(location: string): string {
	return location.replace(
		/[\u0080-\u00ff]/g,
		(byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
