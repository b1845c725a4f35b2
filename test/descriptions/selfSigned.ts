import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A key and a certificate for `localhost` that no authority has signed, as PEM; newly made, valid for a day. */
export function selfSigned(): { key: string; cert: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('localhost')))));
	const algorithm = der(0x30, oid('2a8648ce3d040302')); // ecdsa-with-SHA256
	const body = der(
		0x30,
		der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
		algorithm,
		name,
		der(0x30, time(-60_000), time(24 * 60 * 60_000)),
		name,
		publicKey.export({ format: 'der', type: 'spki' }),
	);
	const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
	const cert = der(0x30, body, algorithm, signature).toString('base64');
	return {
		key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
		cert: `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`,
	};
}

/** One element of DER: its tag, its length, what is in it. */
function der(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const { length } = content;
	const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(hex: string): Buffer {
	return der(0x06, Buffer.from(hex, 'hex'));
}

/** A moment, so many milliseconds from now, as UTCTime: YYMMDDhhmmssZ. */
function time(fromNow: number): Buffer {
	const digits = new Date(Date.now() + fromNow).toISOString().replace(/\D/g, '');
	return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
