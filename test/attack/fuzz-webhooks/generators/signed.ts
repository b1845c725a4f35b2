import { deflateSync, gzipSync } from 'node:zlib';

import { signCallback } from '../../../sandbox';
import { SIGNATURE, type CaseGenerator } from '../fuzzCase';
import { SENSELESS, STRANGE } from './oddBodies';

/** Callbacks as Runflow sends them, in every way that HTTP leaves to the sender. */
export const VALID: readonly CaseGenerator[] = [
	[10, 'valid', () => ({})],
	[
		1,
		'valid: signed with the secret of before',
		(_, { body, secrets }) => ({
			signature: signCallback(body, secrets.at(-1) ?? ''),
		}),
	],
	[
		1,
		'valid: header in another case',
		(random, { body, secrets }) => ({
			signature: null,
			headers: [
				[
					random.pick([SIGNATURE.toLowerCase(), SIGNATURE.toUpperCase(), 'runflow-Signature']),
					signCallback(body, secrets[0] ?? ''),
				],
			],
		}),
	],
	[
		1,
		'valid: compressed',
		(random, { body }) => {
			const [name, packed] = random.pick([
				['gzip', gzipSync(body)],
				['deflate', deflateSync(body)],
				['identity', body],
			]);
			return { packed, headers: [['Content-Encoding', name]] };
		},
	],
	[
		1,
		'valid: called something else',
		(random) => ({
			contentType: random.pick([
				null,
				'application/json; charset=utf-8',
				'Application/JSON',
				'text/plain',
				'application/octet-stream',
			]),
		}),
	],
	[
		1,
		'valid: further headers',
		(random) => ({
			headers: [
				['X-Forwarded-For', '203.0.113.7'],
				['User-Agent', `Runflow/${random.below(9)}`],
				['Runflow-Request-Id', random.text(12)],
				['__proto__', 'x'],
			],
		}),
	],
];

/** Rightly signed, and no callback with an effect. */
export const SIGNED_SENSELESS: readonly CaseGenerator[] = Object.entries(SENSELESS).map(
	([name, odd]) => [
		1,
		`rightly signed: ${name}`,
		(random, base) => ({ body: Buffer.from(odd(random, base)) }),
	],
);

/** Rightly signed objects unlike those that Runflow sends. */
export const SIGNED_STRANGE: readonly CaseGenerator[] = Object.entries(STRANGE).map(
	([name, odd]) => [
		1,
		`rightly signed: ${name}`,
		(random, base) => ({ body: Buffer.from(odd(random, base)) }),
	],
);

/** What was taken before. */
export const REPLAYED: readonly CaseGenerator[] = [
	[
		8,
		'replayed',
		(random, { taken, body }) => ({
			body: taken[random.below(taken.length)] ?? body.subarray(1),
		}),
	],
];

/** Addresses beside the right one. */
export const MISDIRECTED: readonly CaseGenerator[] = [
	[
		1,
		'another address',
		(random, { path, otherPaths }) => ({
			path: otherPaths[random.below(otherPaths.length)] ?? `${path}x`,
		}),
	],
];

/** Unsigned, as they come where the organization has no secret. */
export const UNSIGNED: readonly CaseGenerator[] = [
	...Object.entries({ ...SENSELESS, ...STRANGE }).map(([name, odd]): CaseGenerator => [
		1,
		`unsigned: ${name}`,
		(random, base) => ({ body: Buffer.from(odd(random, base)), signature: null }),
	]),
	[10, 'unsigned: as Runflow would send it', () => ({ signature: null })],
	[
		2,
		'unsigned: a signature of no secret',
		(_, { body }) => ({ signature: signCallback(body, '') }),
	],
	[
		2,
		'unsigned: a signature of another form',
		(random) => ({
			signature: random.pick(['', 'x', 'sha256=0']),
		}),
	],
];
