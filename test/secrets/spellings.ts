/**
 * In: a secret. Out: how it may be written inside of a longer text: as it is, in URLs and forms, within JSON (also
 * within JSON that is a text of other JSON), in hexadecimal, and in base64 wherever in the encoded bytes it begins.
 */
export function spellingsOf(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const inJson = JSON.stringify(secret).slice(1, -1);
	const base64 = [0, 1, 2].map((before) => inBase64(bytes, before));
	return [
		...new Set([
			secret,
			encodeURIComponent(secret),
			new URLSearchParams([['', secret]]).toString().slice(1),
			inJson,
			JSON.stringify(inJson).slice(1, -1),
			bytes.toString('hex'),
			bytes.toString('hex').toUpperCase(),
			...base64,
			...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
		]),
	];
}

/** The same text with its percent and \u escapes undone, where it has any. */
export function readingsOf(text: string): string[] {
	const readings = [text];
	if (/%[0-9a-f]{2}/i.test(text)) readings.push(withoutPercents(text));
	if (/\\u[0-9a-f]{4}/i.test(text)) {
		readings.push(
			text.replace(/\\+u([0-9a-f]{4})/gi, (_escape, code: string) =>
				String.fromCharCode(Number.parseInt(code, 16)),
			),
		);
	}
	return readings;
}

/** What base64 makes of bytes that so many others stand before; without the ends, which hold neighbours' bits. */
function inBase64(bytes: Buffer, before: number): string {
	const text = Buffer.concat([Buffer.alloc(before), bytes])
		.toString('base64')
		.replace(/=+$/, '');
	const isWhole = (before + bytes.length) % 3 === 0;
	return text.slice(Math.ceil((before * 4) / 3), isWhole ? undefined : -1);
}

function withoutPercents(text: string): string {
	return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
		Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
	);
}
