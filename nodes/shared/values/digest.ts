import { createHash } from 'node:crypto';

/** A short form of a text or of bytes, to compare them by: SHA-256, in hexadecimal digits. */
export function digest(content: string | Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
