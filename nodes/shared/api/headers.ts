/**
 * A header's text as its sender meant it. Node reads each byte of a header as a character; many servers send UTF-8. What is
 * not valid UTF-8 stays as it is.
 */
export function utf8Header(text: string): string {
	// Characters beyond a byte are no bytes of a header, and plain ASCII is the same either way.
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
