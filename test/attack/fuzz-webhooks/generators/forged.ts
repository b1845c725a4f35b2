import { createHash, createHmac } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { signCallback } from '../../../sandbox';
import type { Random } from '../random';
import { SIGNATURE, type Base, type CaseGenerator } from '../fuzzCase';
import { padded, SENSELESS, STRANGE } from './oddBodies';

const MIB = 1024 * 1024;

/** The right signature of the right body; what a thief would start from. */
function right({ body, secrets }: Base): string {
	return signCallback(body, secrets[0] ?? '');
}

function current({ secrets }: Base): string {
	return secrets[0] ?? '';
}

/** The same bytes but for one bit, one byte more, or one byte less. */
function altered(bytes: Buffer, random: Random): Buffer {
	const at = random.below(bytes.length);
	const copy = Buffer.from(bytes);
	switch (random.below(4)) {
		case 0:
			return Buffer.concat([bytes.subarray(0, at), random.bytes(1), bytes.subarray(at)]);
		case 1:
			return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
		default:
			copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
			return copy;
	}
}

/** A text with one of its characters changed into another of the same kind. */
function otherDigit(text: string, random: Random): string {
	const at = random.below(text.length);
	const digit = (parseInt(text[at] ?? '0', 16) + 1 + random.below(15)) % 16;
	return text.slice(0, at) + digit.toString(16) + text.slice(at + 1);
}

function hmac(body: Buffer, key: string | Buffer, algorithm = 'sha256'): string {
	return createHmac(algorithm, key).update(body).digest('hex');
}

/** Bodies that say something else than what was signed. */
const OTHER_BODIES: readonly CaseGenerator[] = [
	[
		30,
		'body: one bit or byte',
		(random, base) => ({
			body: altered(base.body, random),
			signature: right(base),
		}),
	],
	[
		4,
		'body: written anew',
		(_, base) => ({
			body: Buffer.from(JSON.stringify(JSON.parse(base.body.toString()), null, 1)),
			signature: right(base),
		}),
	],
	[
		4,
		'body: white space around',
		(random, base) => ({
			body: Buffer.from(
				random.pick([' %', '% ', '%\n', '\r\n%', '%\0']).replace('%', base.body.toString()),
			),
			signature: right(base),
		}),
	],
	[
		4,
		'body: another one, signature of this one',
		(random, base) => ({
			body: Buffer.from(STRANGE['a run of somebody else']?.(random, base) ?? ''),
			signature: right(base),
		}),
	],
	...Object.entries({ ...SENSELESS, ...STRANGE }).map(([name, odd]): CaseGenerator => [
		1,
		`unsigned or wrongly signed: ${name}`,
		(random, base) => {
			const body = Buffer.from(odd(random, base));
			const signature = random.pick([null, right(base), hmac(body, ''), hmac(body, 'whsec_guess')]);
			return { body: body.equals(base.body) ? Buffer.from('{}') : body, signature };
		},
	]),
];

/** Signatures that are none of these bytes by these secrets. */
const OTHER_SIGNATURES: readonly CaseGenerator[] = [
	[20, 'signature: one digit', (random, base) => ({ signature: otherDigit(right(base), random) })],
	[8, 'signature: any digits', (random) => ({ signature: random.text(64, '0123456789abcdef') })],
	[6, 'signature: missing', () => ({ signature: null })],
	[
		4,
		'signature: of another form',
		(random, base) => ({
			signature: random.pick([
				'',
				right(base).toUpperCase(),
				right(base).slice(1),
				`${right(base)}0`,
				`sha256=${right(base)}`,
				`v1=${right(base)}`,
				`t=1,v1=${right(base)}`,
				`"${right(base)}"`,
				`${right(base)},${right(base)}`,
				`${right(base).slice(0, 32)} ${right(base).slice(32)}`,
				Buffer.from(right(base), 'hex').toString('base64'),
				`0x${right(base)}`,
				'null',
				'undefined',
				'true',
				'[object Object]',
				'*',
				`g${right(base).slice(1)}`,
			]),
		}),
	],
	[
		2,
		'signature: too long',
		(random, base) => ({
			signature: right(base).repeat(random.pick([2, 50, 200])),
		}),
	],
	[
		6,
		'signature: by another secret',
		(random, base) => ({
			signature: hmac(
				base.body,
				random.pick([
					'',
					'whsec_',
					'undefined',
					'null',
					current(base).replace('whsec_', ''),
					`${current(base)} `,
					current(base).toLowerCase(),
					current(base).slice(0, -1),
					base.secrets.join(', '),
					base.secrets.join(','),
					`whsec_${random.text(16)}`,
					Buffer.from(current(base).replace('whsec_', ''), 'base64'),
				]),
			),
		}),
	],
	[
		4,
		'signature: by another algorithm',
		(random, base) => ({
			signature: random.pick([
				hmac(base.body, current(base), 'sha1'),
				hmac(base.body, current(base), 'sha512').slice(0, 64),
				hmac(base.body, current(base), 'md5').repeat(2),
				createHash('sha256').update(base.body).digest('hex'),
				createHash('sha256').update(current(base)).update(base.body).digest('hex'),
				hmac(Buffer.from(current(base)), base.body),
			]),
		}),
	],
	[
		4,
		'signature: of something else',
		(random, base) => ({
			signature: hmac(
				random.pick([
					Buffer.alloc(0),
					Buffer.from(base.runId),
					Buffer.from(`1767225600.${base.body.toString()}`),
					Buffer.from(JSON.stringify(base.body.toString())),
					base.taken[0] ?? Buffer.from('{}'),
				]),
				current(base),
			),
		}),
	],
	[
		4,
		'signature: with a time',
		(random, base) => ({
			signature: null,
			headers: [
				[SIGNATURE, random.pick([`t=${random.below(2e9)},v1=${right(base)}`, `v1,${right(base)}`])],
				['Runflow-Timestamp', String(random.below(2e9))],
			],
		}),
	],
];

/** Headers that a right signature cannot be read from. */
const OTHER_HEADERS: readonly CaseGenerator[] = [
	[
		4,
		'header: doubled',
		(random, base) => ({
			headers: [
				[
					random.pick([SIGNATURE, SIGNATURE.toLowerCase(), SIGNATURE.toUpperCase()]),
					random.pick([right(base), otherDigit(right(base), random), '']),
				],
			],
		}),
	],
	[
		4,
		'header: another name',
		(random, base) => ({
			signature: null,
			headers: [
				[
					random.pick([
						'X-Runflow-Signature',
						'Signature',
						'Runflow_Signature',
						'Runflow-Signature-256',
					]),
					right(base),
				],
				...(random.once(2) ? [['X-HTTP-Method-Override', 'POST'] as const] : []),
			],
		}),
	],
	[
		2,
		'header: many and long, unsigned',
		(random) => ({
			signature: null,
			headers: Array.from({ length: random.pick([1, 40, 90]) }, (_, n) => [
				random.pick(['__proto__', 'constructor', 'X-Long']) + (n === 0 ? '' : String(n)),
				random.text(random.pick([1, 100])),
			]),
		}),
	],
	[
		2,
		'content type: multipart, rightly signed',
		(random) => ({
			contentType: random.pick(['multipart/form-data; boundary=x', 'multipart/form-data']),
		}),
	],
	[
		3,
		'content type: any, unsigned',
		(random) => ({
			signature: null,
			contentType: random.pick([
				null,
				'',
				'text/plain',
				'application/xml',
				'application/soap+xml',
				'application/x-www-form-urlencoded',
				'application/json; charset=utf-16le',
				'application/json; charset=nothing',
				'application/octet-stream',
				'__proto__',
				`application/json;${'x=1;'.repeat(500)}`,
			]),
		}),
	],
];

/** Compressed bodies: of something else, broken, or in a way that n8n does not know. */
const ENCODINGS: readonly CaseGenerator[] = [
	[
		3,
		'encoding: another body in it',
		(random, base) => {
			const body = altered(base.body, random);
			const [name, packed] = random.pick([
				['gzip', gzipSync(body)],
				['deflate', deflateSync(body)],
			]);
			return { signature: right(base), packed, headers: [['Content-Encoding', name]] };
		},
	],
	[
		3,
		'encoding: unknown to n8n',
		(random, base) => {
			const [name, packed] = random.pick([
				['br', brotliCompressSync(base.body)],
				['GZIP', gzipSync(base.body)],
				['gzip, gzip', gzipSync(gzipSync(base.body))],
				['zstd', gzipSync(base.body)],
				['compress', deflateSync(base.body)],
			]);
			return { packed, headers: [['Content-Encoding', name]] };
		},
	],
	[
		3,
		'encoding: broken',
		(random, base) => ({
			packed: random.pick([
				base.body,
				gzipSync(base.body).subarray(0, -9),
				altered(gzipSync(base.body), random).subarray(0, -8),
				Buffer.alloc(0),
			]),
			headers: [['Content-Encoding', 'gzip']],
		}),
	],
];

/** Bodies of all lengths. The big ones are few. */
const LENGTHS: readonly CaseGenerator[] = [
	[
		3,
		'length: none',
		(random, base) => ({
			body: Buffer.alloc(0),
			signature: random.pick([null, right(base)]),
		}),
	],
	[
		2,
		'length: about a mebibyte, wrongly signed',
		(random, base) => ({
			body: padded(base, MIB + random.pick([-1, 0, 1])),
			signature: right(base),
		}),
	],
];

/** Far too much, which costs the attacker time too. */
export const BIG: readonly CaseGenerator[] = [
	[
		1,
		'big: rightly signed',
		(random, base) => ({ body: padded(base, (1 + random.below(4)) * MIB) }),
	],
	[
		1,
		'big: beyond the limit of n8n, rightly signed',
		(random, base) => ({ body: padded(base, 16 * MIB + 1 + random.below(MIB)) }),
	],
	[
		2,
		'big: 2 to 20 MiB',
		(random, base) => ({
			body: padded(base, (2 + random.below(19)) * MIB),
			contentType: random.pick(['application/json', 'application/octet-stream']),
			signature: random.pick([null, right(base)]),
		}),
	],
	[
		1,
		'big: 8 to 64 MiB in a gzip of some KB',
		(random, base) => ({
			packed: gzipSync(Buffer.alloc((8 + random.below(57)) * MIB, '{"a":')),
			contentType: random.pick(['application/json', 'application/octet-stream']),
			signature: random.pick([null, right(base)]),
			headers: [['Content-Encoding', 'gzip']],
		}),
	],
];

/** Other methods. */
const METHODS: readonly CaseGenerator[] = [
	[
		4,
		'method',
		(random) => ({
			method: random.pick([
				'GET',
				'PUT',
				'PATCH',
				'DELETE',
				'HEAD',
				'OPTIONS',
				'PROPFIND',
				'TRACE',
			]),
		}),
	],
];

/** Requests that no client would send: what they promise and what they hold differ. */
const WIRE: readonly CaseGenerator[] = [
	[
		1,
		'wire: longer than it is',
		(random) => ({
			spoil: (request) =>
				replaced(request, /Content-Length: (\d+)/, (n) => String(n + 1 + random.below(1e6))),
		}),
	],
	[
		1,
		'wire: shorter than it is',
		(random) => ({
			spoil: (request) =>
				replaced(request, /Content-Length: (\d+)/, (n) => String(random.below(n))),
		}),
	],
	[
		1,
		'wire: no number for a length',
		(random) => ({
			spoil: (request) =>
				replaced(request, /Content-Length: (\d+)/, (n) =>
					random.pick(['-1', 'x', '', '1e3', `${n}, ${n + 1}`, '9'.repeat(30)]),
				),
		}),
	],
	[
		1,
		'wire: a length and chunks',
		() => ({ headers: [['Transfer-Encoding', 'chunked']], spoil: (request) => request }),
	],
	[
		1,
		'wire: broken chunks',
		(random) => ({
			spoil: (request) => {
				const [head = '', body = ''] = request.toString('latin1').split('\r\n\r\n');
				const sizes = random.pick([
					'zz',
					'-5',
					'ffffffffffffffff',
					body.length.toString(16) + ' ;x',
				]);
				const chunked = head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
				return Buffer.from(`${chunked}\r\n\r\n${sizes}\r\n${body}`, 'latin1');
			},
		}),
	],
	[
		1,
		'wire: forbidden characters in the signature',
		(random, base) => ({
			signature: right(base) + random.pick(['\0', '\x01', '\x7f']),
			spoil: (request) => request,
		}),
	],
	[
		1,
		'wire: headers of 100 KB',
		(random) => ({
			headers: [['X-Long', random.text(100_000)]],
			spoil: (request) => request,
		}),
	],
	[
		1,
		'wire: cut off',
		(random) => ({
			spoil: (request) => request.subarray(0, 1 + random.below(request.length - 1)),
		}),
	],
];

function replaced(request: Buffer, what: RegExp, by: (found: number) => string): Buffer {
	const words = request.toString('latin1');
	return Buffer.from(
		words.replace(what, (_, found: string) => `Content-Length: ${by(Number(found))}`),
		'latin1',
	);
}

/** Everything that must be refused where there is a secret. */
export const FORGED: readonly CaseGenerator[] = [
	...OTHER_BODIES,
	...OTHER_SIGNATURES,
	...OTHER_HEADERS,
	...ENCODINGS,
	...LENGTHS,
	...METHODS,
	...WIRE,
];
