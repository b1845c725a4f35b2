import type { Random } from '../random';
import type { Base } from '../fuzzCase';

/** Ways to write a body that is unlike any that Runflow sends. */
type Odd = (random: Random, base: Base) => Buffer | string;

/** Stands in everything that is made up, so that it is found wherever it appears. */
export const MARK = 'FORGED';

/** What a callback says, with some of it changed. */
function saying({ body }: Base, fields: object): string {
	const said = JSON.parse(body.toString()) as object;
	return JSON.stringify({ ...said, note: MARK, ...fields });
}

/** The same with a field written as it is, since JSON.stringify would not write it so. */
function writing(base: Base, field: string): string {
	return saying(base, {}).replace(/^\{/, `{${field},`);
}

/** Levels of lists or objects within each other. */
function nested(open: string, close: string, depth: number): string {
	return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

/** Bodies that say nothing, or that are not a JSON object. */
export const SENSELESS: Record<string, Odd> = {
	'no JSON': () => '{"event": run.completed}',
	'cut-off JSON': (random, { body }) => body.subarray(0, random.below(body.length)),
	'JSON with something behind it': (_, { body }) => `${body.toString()}}`,
	'two objects': (_, { body }) => body.toString().repeat(2),
	'a list': (_, { body }) => `[${body.toString()}]`,
	'no object': (random, { runId }) =>
		random.pick(['null', 'true', '7', '""', '[]', '[[]]', JSON.stringify(runId), '1e999']),
	nothing: (random) => random.pick(['', ' ', '\n\n', '\0']),
	'UTF-16': (_, { body }) => Buffer.from(body.toString(), 'utf16le'),
	'invalid UTF-8': (random, base) => {
		const body = Buffer.from(saying(base, {}));
		const bad = random.pick([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80]]);
		const at = body.indexOf(MARK);
		return Buffer.concat([body.subarray(0, at), Buffer.from(bad), body.subarray(at)]);
	},
	'two byte order marks': (_, { body }) => `\ufeff\ufeff${body.toString()}`,
	'JSON with comments': (_, { body }) => `/* ${MARK} */ ${body.toString()}`,
	'single quotes': (_, { body }) => body.toString().replaceAll('"', "'"),
	NaN: (_, base) => writing(base, '"duration_ms": NaN'),
	'a form': (_, { runId }) => `event=run.completed&run_id=${runId}`,
	'any bytes': (random) => random.bytes(1 + random.below(400)),
	'nesting without end': (random) => random.pick(['[', '{"a":']).repeat(100_000),
	'very deep lists': (random) => nested('[', ']', random.pick([5000, 100_000])),
	'very deep objects': (random) => nested('{"a":', '}', random.pick([5000, 50_000])),
	'no event': (random, base) =>
		saying(base, { event: random.pick([null, 1, {}, [], true, ['run.completed']]) }),
};

/** JSON objects that request something nevertheless. */
export const STRANGE: Record<string, Odd> = {
	'a byte order mark': (_, { body }) => `\ufeff${body.toString()}`,
	'keys that pollute': (random, base) =>
		writing(
			base,
			random.pick([
				`"__proto__":{"polluted":"${MARK}","event":"run.completed"}`,
				`"constructor":{"prototype":{"polluted":"${MARK}"}}`,
				`"prototype":{"polluted":"${MARK}"}`,
				`"metadata":{"__proto__":{"polluted":"${MARK}"},"constructor":{"prototype":{"polluted":1}}}`,
				`"output":{"outputs":[{"__proto__":{"polluted":1},"url":"http://x.invalid/"}]}`,
				'"toString":1,"valueOf":1,"hasOwnProperty":1,"toJSON":1,"then":1,"length":-1',
			]),
		),
	'a field twice': (_, base) =>
		`${saying(base, {}).slice(0, -1)},"run_id":"${MARK}","run_id":${JSON.stringify(base.runId)}}`,
	'deep nesting': (random, base) =>
		writing(base, `"deep":${random.once(2) ? nested('[', ']', 200) : nested('{"a":', '}', 200)}`),
	'numbers out of range': (random, base) =>
		writing(
			base,
			`"duration_ms":${random.pick(['1e999', '-1e999', '1e-999', '9007199254740993', '-0', '1'.repeat(400)])}`,
		),
	'an unknown event': (random, base) =>
		saying(base, {
			event: random.pick(['run.paused', '__proto__', 'constructor', 'run.', 'RUN.COMPLETED', '']),
		}),
	'a run of another kind': (random, base) =>
		saying(base, { run_id: random.pick([null, 7, {}, [], true, [base.runId]]) }),
	'a run with a strange name': (random, base) =>
		saying(base, {
			run_id: random.pick([
				'../../auth/me',
				'..',
				'.',
				'%2e%2e',
				'\ud800',
				'a\u0000b',
				'x'.repeat(10_000),
				' ',
				'__proto__',
				'?limit=500',
				'#',
				'\\..\\x',
			]),
		}),
	'a run of somebody else': (random, base) =>
		saying(base, { run_id: base.otherRuns[random.below(base.otherRuns.length)] ?? MARK }),
	'fields of other kinds': (random, base) =>
		saying(base, {
			status: random.pick([null, 1, {}, ['succeeded'], 'SUCCEEDED', 'constructor']),
			output: random.pick<unknown>([[], 'x', 7, { outputs: 'x' }, { outputs: [null, 1, {}] }]),
			metadata: random.pick<unknown>([[], 'x', 7, null]),
		}),
	'many fields': (random, base) =>
		saying(
			base,
			Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`${random.text(3)}${n}`, n])),
		),
	'a long field': (random, base) => saying(base, { [random.text(20_000)]: random.text(2000) }),
};

/** A callback with padding, so that it has exactly so many bytes. */
export function padded(base: Base, bytes: number): Buffer {
	const empty = saying(base, { padding: '' });
	return Buffer.from(saying(base, { padding: 'x'.repeat(Math.max(0, bytes - empty.length)) }));
}
