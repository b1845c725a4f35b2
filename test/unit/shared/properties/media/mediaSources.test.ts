import { mediaSources } from '../../../../../nodes/shared/properties/media/mediaSources';
import type { BinaryFields } from '../../../../../nodes/shared/validation/result';

const A = 'https://example.com/a.png';
const B = 'https://example.com/b.png';
const png = { mimeType: 'image/png', data: 'AAAA' };
const binary: Record<string, unknown> = { data: png, 'a, b': png };
const fields: BinaryFields = {
	names: () => Object.keys(binary),
	find: (name) => binary[name],
};

function values(value: unknown, isName = false): unknown[] {
	return mediaSources(value, isName, fields).map((source) => source.value);
}

describe('several addresses in one text', () => {
	it.each([
		['a comma', `${A},${B}`],
		['a comma and a space', `${A}, ${B}`],
		['a semicolon', `${A};${B}`],
		['a bar', `${A} | ${B}`],
		['a space', `${A} ${B}`],
		['a line break', `${A}\n${B}`],
		['line breaks of Windows, and empty lines', `\r\n${A}\r\n\r\n${B}\r\n`],
		['a comma at the end', `${A},${B},`],
		['invisible characters', `\ufeff${A},\u00a0${B}\u200b`],
		['quotes', `"${A}","${B}"`],
		['quotes and spaces', `'${A}', '${B}'`],
		['angle brackets', `<${A}> <${B}>`],
		['brackets, as Python writes a list', `['${A}', '${B}']`],
		['JSON', JSON.stringify([A, B])],
		['JSON twice', JSON.stringify(JSON.stringify([A, B]))],
		['JSON of outputs', JSON.stringify({ outputs: [{ url: A }, { url: B }] })],
	])('are separated by %s', (_case, text) => {
		expect(values(text)).toEqual([A, B]);
	});

	it.each([
		'https://example.com/a,b;c|d.png?x=1,2;3',
		'https://cdn.example.com/fetch/w_300,h_200/https://example.com/a.png',
		'https://proxy.example.com/?url=https://example.com/a.png',
		'https://example.com/my photo.png',
		'See https://example.com/a.png, https://example.com/b.png',
		'https://example.com/a.png and https://example.com/b.png',
		'data:image/png;base64,iVBO\r\nRw0K\r\nGgo=',
		'data:image/png;base64,AAAA',
		'[object Object],[object Object]',
		'{}',
		'{"a": 1}',
		'["',
	])('leaves %s whole', (text) => {
		expect(values(text)).toEqual([text]);
	});

	it('keeps what a path or a query holds, and spaces within an address', () => {
		const odd = 'https://example.com/my photo,1.png?a=1;2';
		expect(values(`${odd}, ${B}`)).toEqual([odd, B]);
		expect(values(`${odd}\n${B}`)).toEqual([odd, B]);
	});

	it('separates addresses of all kinds', () => {
		const kinds = [
			'data:image/png;base64,AAAA',
			'runflow://assets/a',
			A,
			'data:video/mp4;base64,AAAA',
		];
		expect(values(kinds.join(', '))).toEqual(kinds);
	});

	it('needs no more time for long runs of separators', () => {
		const text = `${A}${' ,'.repeat(500_000)}${B}`;
		expect(values(text)).toEqual([A, B]);
	});
});

describe('objects', () => {
	it.each<[string, unknown]>([
		['the parameter itself', { image: [{ source: { __rl: true, mode: 'url', value: A } }] }],
		['an output', { url: A, type: 'image', width: 1 }],
		['a list of one output', [{ url: A }]],
		['an item of this node', { id: 'run', status: 'succeeded', outputs: [{ url: A }] }],
		['an image of a shop', { id: 1, src: A, alt: '' }],
		['an attachment of Airtable', [{ id: 'att', url: A, thumbnails: { small: { url: B } } }]],
		['a file of Notion', [{ name: 'a.png', type: 'file', file: { url: A } }]],
		['a part of a chat message', { type: 'image_url', image_url: { url: A } }],
		['an empty name before a filled one', { image: '', url: A }],
		['an object as JSON', `{"url": "${A}"}`],
	])('hold the address: %s', (_case, value) => {
		expect(mediaSources(value, false, fields)).toEqual([{ value: A, binary: false }]);
	});

	it.each<[string, unknown]>([
		['a file', png],
		['a file as an AI model gives it', { inlineData: png }],
		['all files of an item', { data: png }],
		['an item', { json: { a: 1 }, binary: { data: png }, pairedItem: { item: 0 } }],
		['a list of files', [png]],
		['a file as JSON', JSON.stringify(png)],
	])('are files, whatever the mode says: %s', (_case, value) => {
		for (const isName of [true, false]) {
			if (isName && typeof value === 'string') continue;
			expect(mediaSources(value, isName, fields)).toEqual([{ value: png, binary: true }]);
		}
	});

	it.each([[{ link: 'x' }], [{ type: 'Buffer', data: [1] }], [Buffer.from('x')], [7]])(
		'that hold none stand for themselves: %j',
		(value) => {
			expect(values(value)).toEqual([value]);
		},
	);

	it.each([[[]], [{}], ['[]'], [['', null]], [{ url: '' }]])('may hold nothing: %j', (value) => {
		expect(values(value)).toEqual([]);
	});
});

describe('names of binary fields', () => {
	it.each<[unknown, string[]]>([
		['data', ['data']],
		['data, data_1,data_2', ['data', 'data_1', 'data_2']],
		['data\ndata_1', ['data', 'data_1']],
		['["data", "data_1"]', ['data', 'data_1']],
		[
			['data', 'data_1'],
			['data', 'data_1'],
		],
		['a, b', ['a, b']],
		[',', [',']],
		['data:image/png;base64,AAAA', ['data:image/png;base64,AAAA']],
		['{"url": "x"}', ['{"url": "x"}']],
	])('%j', (value, names) => {
		expect(mediaSources(value, true, fields)).toEqual(
			names.map((name) => ({ value: name, binary: true })),
		);
	});
});
