const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
	return value >>> 0;
});

/**
 * In: bytes. Out: their CRC-32 as PNG chunks carry it. (node:zlib has one only from Node 20.15 on.)
 */
export function crc32(bytes: Buffer): number {
	let value = 0xffffffff;
	for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
	return (value ^ 0xffffffff) >>> 0;
}
