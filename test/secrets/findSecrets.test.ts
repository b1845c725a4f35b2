import { findSecrets } from './findSecrets';

const AWKWARD = 'whsec_"ü%/+ é\\9';
const PLAIN = 'rf_live_Zq7Key4242';

function paths(value: unknown, secret = PLAIN): string[] {
	return findSecrets(value, [{ name: 'secret', value: secret }]).map(({ path }) => path);
}

describe.each([PLAIN, AWKWARD])('%s is found', (secret) => {
	const inUrl = encodeURIComponent(secret);
	const inForm = new URLSearchParams({ a: `x${secret}y` }).toString();
	const inJson = JSON.stringify({ a: secret });

	it.each<[string, string]>([
		['as it is', `before ${secret} after`],
		['in a URL', `https://x.test/?key=${inUrl}&b=c`],
		[
			'in a URL, every character of it escaped',
			Buffer.from(secret)
				.toString('hex')
				.replace(/../g, (byte) => `%${byte}`),
		],
		['in a form', inForm],
		['in JSON', inJson],
		['in JSON within JSON', JSON.stringify({ text: inJson })],
		[
			'in JSON, every character of it escaped',
			Array.from(secret, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
		],
		['in hexadecimal', `0x${Buffer.from(secret).toString('hex')}ff`],
	])('%s', (_how, text) => {
		expect(paths(text, secret)).toEqual(['']);
	});

	it.each([0, 1, 2, 3, 4, 5])('in base64, after %i bytes', (before) => {
		for (const after of ['', 'a', 'ab', 'abc']) {
			const bytes = Buffer.from(`${'Basic:'.slice(0, before)}${secret}${after}`);
			expect(paths(`x ${bytes.toString('base64')} y`, secret)).toEqual(['']);
			expect(paths(bytes.toString('base64url'), secret)).toEqual(['']);
		}
	});
});

describe('it is found', () => {
	class Holder {
		#hidden = PLAIN;
		constructor() {
			Object.defineProperty(this, 'told', { get: () => this.#hidden });
		}
	}
	const circle: Record<string, unknown> = {};
	circle.self = { circle, last: PLAIN };
	const thrower = Object.defineProperty({}, 'bad', {
		get: () => {
			throw new Error(PLAIN);
		},
	});
	const described = Object.defineProperty(new Error('x'), 'description', { value: PLAIN });
	const stacked = new Error('x');
	stacked.stack = `Error: x\n    at ${PLAIN}`;

	it.each<[string, unknown, string]>([
		['in a list', ['a', { b: [PLAIN] }], '1.b.0'],
		['in a name', { a: { [`x-${PLAIN}`]: 1 } }, `a.x-${PLAIN}`],
		['in bytes', { a: Buffer.from(`..${PLAIN}`) }, 'a'],
		['in a part of a buffer', new Uint8Array(Buffer.from(`..${PLAIN}`)).subarray(2), ''],
		['in a bare buffer', new Uint8Array(Buffer.from(PLAIN)).buffer, ''],
		['in a map', new Map([['a', { b: PLAIN }]]), 'value.b'],
		['in a map’s key', new Map([[{ b: PLAIN }, 1]]), 'key.b'],
		['in a set', new Set(['a', PLAIN]), 'member'],
		['in an address', { a: new URL(`https://x.test/${PLAIN}`) }, 'a'],
		['in a message', new Error(`No ${PLAIN}`), 'message'],
		['in a stack', stacked, 'stack'],
		['in a cause', new Error('x', { cause: { config: { key: PLAIN } } }), 'cause.config.key'],
		['in what an error has hidden', described, 'description'],
		['behind a symbol', { [Symbol('s')]: PLAIN }, 'Symbol(s)'],
		['behind a getter', new Holder(), 'told'],
		['in what a getter throws', thrower, 'bad.message'],
		['in a circle', circle, 'self.last'],
	])('%s', (_where, value, path) => {
		const [found] = paths(value);
		// The stack of an error repeats its message.
		expect(found?.replace('stack', 'message')).toBe(path.replace('stack', 'message'));
	});
});

it('names the secret', () => {
	const secrets = ['one-secret', 'two-secret', 'no-secret'].map((value) => ({
		name: value,
		value,
	}));
	const found = findSecrets({ a: 'two-secret', b: ['one-secret'], c: 'two-secret' }, secrets);
	expect(found.map(({ secret }) => secret.name).sort()).toEqual(['one-secret', 'two-secret']);
});

it.each<[string, unknown]>([
	['nothing', undefined],
	['another secret', 'rf_live_Zq7Key4243'],
	['a part of it', PLAIN.slice(1)],
	['what only looks escaped', '%zz \\u12 %'],
	['a function', () => PLAIN],
])('finds nothing in %s', (_what, value) => {
	expect(paths(value)).toEqual([]);
});
