import fc, { type Arbitrary } from 'fast-check';

/** What a user has entered into one parameter. */
export interface Entered {
	/**
	 * `right`: in order by the documents. `empty`: nothing, so nothing is sent. `missing`: an expression that finds nothing,
	 * which is refused where it decides what is paid for. `any`: anything a user can enter; it may happen to be in order.
	 */
	is: 'right' | 'empty' | 'missing' | 'any';
	/** What is entered: a value, or the code of an expression that gives one that JSON cannot hold. */
	value?: unknown;
	code?: string;
	/** What must arrive, where it is `right`. */
	sent?: unknown;
	/** Whether it comes by an expression, as from a sheet or an AI agent, or is in the workflow itself. */
	byExpression: boolean;
	/** Whether it is chosen as the name of a binary field. The items have none. */
	isBinaryField?: true;
}

/** Something in order, with what must arrive for it. */
export function right<T>(values: Arbitrary<T>, sent: (value: T) => unknown): Arbitrary<Entered> {
	return fc
		.record({ value: values, byExpression: fc.boolean() })
		.map(({ value, byExpression }) => ({
			is: 'right',
			value,
			sent: sent(value),
			byExpression,
		}));
}

/** Nothing, in any of the ways that n8n knows. */
export const nothing: Arbitrary<Entered> = fc.constantFrom<Entered>(
	{ is: 'empty', value: '', byExpression: true },
	{ is: 'empty', code: 'null', byExpression: true },
	...[' ', '\n\t ', '\u3000', '\u200b'].map((value): Entered => ({
		is: 'missing',
		value,
		byExpression: true,
	})),
	...['undefined', '$json.missing'].map((code): Entered => ({
		is: 'missing',
		code,
		byExpression: true,
	})),
);

/** Whether anything of a text is seen. */
export function isVisible(words: string): boolean {
	return /[^\s\p{Cf}]/u.test(words);
}

/** Expressions that give what JSON cannot hold, or holds as something else. */
const CODES = [
	'NaN',
	'Infinity',
	'-Infinity',
	'-0',
	'1e21',
	'5e-324',
	'10n',
	'2n ** 80n',
	'new Date(0)',
	'new Date(NaN)',
	'$now',
	'$today',
	'$json',
	'$input.all()',
	'[]',
	'[[]]',
	'({})',
	'[undefined]',
	'[null, null]',
	'({ a: undefined })',
	'({ a: 10n })',
	'({ a: { b: [NaN, 10n] } })',
	'[10n]',
	'/x/g',
	'new Map([["a", 1]])',
	'new Set([1])',
	'new Error("x")',
	'"x".repeat(300000)',
	'"\\ud83d\\ude00".repeat(300)',
	'"\\ud800"',
	// Not what holds itself, or has thousands of levels: there n8n's own stack overflows before the node sees it.
	'(() => { let o = 1; for (let n = 0; n < 300; n++) o = { o }; return o; })()',
	'(() => { let o = 1; for (let n = 0; n < 300; n++) o = [o]; return o; })()',
	'(() => { let o = 1; for (let n = 0; n < 30; n++) o = { url: [o] }; return o; })()',
	'Array.from({ length: 1000 }, (_, n) => "https://example.com/" + n)',
	'({ toJSON: () => { throw new Error("no") } })',
	'({ toJSON: () => 7 })',
	'({ toString: () => "x" })',
	'JSON.parse(\'{"__proto__": {"polluted": 1 }, "constructor": {"prototype": {"polluted": 1 } } }\')',
];

/** Texts that mean something to some program on the way. */
const TEXTS = [
	'__proto__',
	'constructor',
	'toString',
	'hasOwnProperty',
	'NaN',
	'null',
	'undefined',
	'true',
	'yes',
	'0',
	'-1',
	'1.5',
	'1e3',
	'0x10',
	'1,5',
	'[]',
	'{}',
	'[1]',
	'[null]',
	'{"a": 1}',
	'{"a": 1',
	'{"__proto__": {"polluted": 1}}',
	'["https://example.com/1.png", 7]',
	'[["https://example.com/1.png"]]',
	'custom',
	'1024x1024',
	'1024*768',
	'1024 x 1024',
	'100x100',
	'99999x1',
	'square ',
	'4k',
	'720P',
	'2026-01-01',
	'data:',
	'data:,',
	'data:,x',
	'data:text/plain,x',
	'data:image/png;base64',
	'data:image/png;base64,',
	'data:image/png;base64,!!',
	'data:image/png;base64,AAA',
	'data:image/png,AAAA',
	'data:image/gif;base64,AAAA',
	'data:image/svg+xml;base64,AAAA',
	'data:video/mp4;base64,AAAA',
	'data:application/octet-stream;base64,AAAA',
	'data:image/jpg;base64,AAAA',
	'data:IMAGE/PNG;base64,AAAA',
	'data:image/png;charset=utf-8;base64,AAAA',
	'DATA:image/png;base64,AAAA',
	'runflow://assets/',
	'runflow://assets/a b',
	'runflow://assets/a/b',
	'RUNFLOW://assets/a',
	'runflow://other/a',
	'http://',
	'https://',
	'https:///x',
	'https://[',
	'https://exa mple.com/',
	'https://example.com/\u0000',
	'https://example.com/a b',
	'HTTPS://EXAMPLE.COM/1.PNG',
	'https://user:word@example.com:99999/',
	'//example.com/1.png',
	'ftp://example.com/1.png',
	'file:///etc/passwd',
	'javascript:alert(1)',
	'blob:https://example.com/1',
	'example.com/1.png',
	'\u0000',
	'\u202e\u200b',
	'\ud800',
	'a\r\nX-Header: b',
	'<b>{{ 1 }}</b>',
	'{{ $json }}',
	'😀'.repeat(256),
	'x'.repeat(501),
	'x'.repeat(5001),
	`https://example.com/${'x'.repeat(2050)}`,
];

/** Anything that a user can enter, or an expression can give. */
export const anything: Arbitrary<Entered> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc
			.constantFrom(...CODES)
			.map((code): Entered => ({ is: 'any', code, byExpression: true })),
	},
	{
		weight: 6,
		arbitrary: fc
			.record({
				value: fc.oneof(
					fc.constantFrom(...TEXTS),
					fc.string({ unit: 'binary' }),
					fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
					fc.jsonValue(),
					fc.jsonValue().map((value) => JSON.stringify(value)),
					fc.double(),
					fc.maxSafeInteger(),
					fc.boolean(),
					fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
				),
				byExpression: fc.boolean(),
			})
			.map((entered): Entered => ({ is: 'any', ...entered })),
	},
);

/** Most often in order, sometimes nothing or anything. */
export function mostly(inOrder: Arbitrary<Entered>): Arbitrary<Entered> {
	return fc.oneof(
		{ weight: 40, arbitrary: inOrder },
		{ weight: 4, arbitrary: nothing },
		{ weight: 3, arbitrary: anything },
	);
}
