import type { IBinaryData } from 'n8n-workflow';

import {
	decodedLength,
	isBinaryData,
	isBinaryFile,
	isStoredId,
	validateFile,
	validateSize,
} from '../../../../../nodes/shared/validation/media/binaryFile';
import type { Origin } from '../../../../../nodes/shared/validation/media/origin';
import type { MediaContext } from '../../../../../nodes/shared/validation/result';
import { PICK_A_FIELD } from '../values';

const origin = { kind: 'image', title: 'Images', which: ': image 2' } as const;
const png: IBinaryData = { data: 'AAAA', mimeType: 'image/png' };

function having(data: unknown): MediaContext {
	return withFields(data === undefined ? {} : { data });
}

function withFields(fields: Record<string, unknown>, isTool = false): MediaContext {
	const names = Object.keys(fields);
	const find = (name: string) => fields[name];
	return { fields: { names: () => names, find }, apiUrl: '', isTool: () => isTool };
}

it.each([0, 1, 2, 3, 4, 5, 100])('counts %i bytes without decoding them', (length) => {
	expect(decodedLength(Buffer.alloc(length).toString('base64'))).toBe(length);
});

it.each<[string, IBinaryData]>([
	['in memory', png],
	['of an empty name', { ...png, fileName: '' }],
	['of no name', { ...png, fileName: null } as unknown as IBinaryData],
	['stored, by a version of n8n that notes the bytes', { ...png, id: 'x', bytes: 52_428_800 }],
	['stored, by one that does not', { ...png, id: 'x', data: 'filesystem-v2' }],
])('takes a file %s', (_case, data) => {
	const result = validateFile(' data ', origin, having(data));
	expect(result).toMatchObject({
		accepted: { title: 'Images: image 2', label: 'the binary field "data"', fileName: 'data.png' },
	});
	expect('accepted' in result && isBinaryFile(result.accepted)).toBe(true);
});

it('recognizes only files that validateFile has made', () => {
	for (const value of [null, 'data', {}, { title: '', label: '', base64: png.data }]) {
		expect(isBinaryFile(value)).toBe(false);
	}
});

it.each<[string, IBinaryData, string]>([
	['in memory', { ...png, data: 'A'.repeat(69_905_072) }, 'holds 52428804 bytes'],
	['stored', { ...png, id: 'x', bytes: 52_428_801 }, 'holds 52428801 bytes'],
	['empty in memory', { ...png, data: '' }, 'holds 0 bytes'],
	['empty and stored', { ...png, id: 'x', bytes: 0 }, 'holds 0 bytes'],
])('refuses a file that is too large or empty, %s', (_case, data, words) => {
	const result = validateFile('data', origin, having(data));
	expect(result).toMatchObject({ problem: expect.stringMatching(/^: image 2 is /) as string });
	expect(result).toMatchObject({ problem: expect.stringContaining(words) as string });
});

it('lets 1 to 52428800 bytes through, and an unknown size', () => {
	for (const bytes of [1, 52_428_800, undefined])
		expect(validateSize(bytes, 'data')).toBeUndefined();
	for (const bytes of [0, 52_428_801]) expect(validateSize(bytes, 'data')).toBeDefined();
});

it('says what to do about a file that is empty or too large', () => {
	const which = ': image 2';
	const empty = {
		problem: 'is an empty file: the file holds 0 bytes',
		advice: 'Check the node that made the file.',
	};
	const large = {
		problem: 'is too large: the file holds 52428801 bytes, 52428800 (50 MiB) are allowed',
		advice: 'Put the file at a public web address, and give its URL.',
	};
	expect(validateSize(0, 'the file')).toEqual(empty);
	expect(validateSize(52_428_801, 'the file')).toEqual(large);
	expect(validateSize(0, 'the file', { which })).toEqual({
		...empty,
		problem: `${which} ${empty.problem}`,
	});
});

it.each([
	['filesystem:a', true],
	['filesystem-v2:a', true],
	['s3:a', true],
	['azure:a', true],
	['database:a', true],
	['filesystem-v2', false],
	['filesystem-v3:a', false],
	['s3://bucket/a', false],
	['my-s3:a', false],
	['', false],
	[undefined, false],
	[['s3:a'], false],
])('knows whether %j is the ID of a file that n8n stores', (id, isStored) => {
	expect(isStoredId(id)).toBe(isStored);
});

it.each<[unknown, boolean]>([
	[{ mimeType: 'image/png', data: 'AAAA' }, true],
	[{ mimeType: 'image/png', id: 's3:a' }, true],
	[{ mimeType: 'image/png', fileType: 'image' }, true],
	[{ mimeType: 'image/png', fileExtension: 'png' }, true],
	[{ mimeType: 'image/png' }, false],
	[{ mimeType: 'image/png', fileName: 'a.png' }, false],
	[{ mimeType: 'image/png', id: 'a', fileType: 'image' }, false],
	[{ mimeType: null, data: 'AAAA' }, false],
	[{ data: 'AAAA' }, false],
	['image/png', false],
	[null, false],
	[[png], false],
])('knows whether %j is a file of an item', (value, isFile) => {
	expect(isBinaryData(value)).toBe(isFile);
});

/** What is sent of {@link png} in the field `data`. */
const sent = {
	title: 'Images: image 2',
	label: 'the binary field "data"',
	id: undefined,
	base64: 'AAAA',
	mimeType: 'image/png',
	fileName: 'data.png',
};

it.each<[string, object, object]>([
	['its own name', { ...png, fileName: 'shoe.png' }, { ...sent, fileName: 'shoe.png' }],
	['an empty ID', { ...png, id: '' }, sent],
	['the ID null', { ...png, id: null }, sent],
	[
		'an ID, whatever the item holds',
		{ ...png, id: 'filesystem-v2:x', data: 'BBBB' },
		{ ...sent, id: 'filesystem-v2:x', base64: '' },
	],
	[
		'a size that is no number',
		{ ...png, id: 'filesystem-v2:x', bytes: '99999999' },
		{ ...sent, id: 'filesystem-v2:x', base64: '' },
	],
	[
		'a type only in its content',
		{ data: 'data:image/webp;base64,AAAA', mimeType: 'application/octet-stream' },
		{ ...sent, mimeType: 'image/webp', fileName: 'data.webp' },
	],
	['two types', { ...png, data: 'data:image/webp;base64,AAAA' }, sent],
	[
		'a type only in its name',
		{ data: 'AAAA', mimeType: '', fileName: 'shoe.jpg' },
		{ ...sent, mimeType: 'image/jpeg', fileName: 'shoe.jpg' },
	],
])('sends a file that has %s', (_case, data, file) => {
	expect(validateFile('data', origin, having(data))).toEqual({ accepted: file });
});

it('sends any file where any file will do, without an ending that is not known', () => {
	const pdf = { data: 'AAAA', mimeType: 'application/pdf' };
	expect(validateFile('data', { ...origin, kind: 'file' }, having(pdf))).toEqual({
		accepted: { ...sent, mimeType: 'application/pdf', fileName: 'data' },
	});
});

it('sends a file that an expression gives', () => {
	const ofKind = { ...sent, label: 'the binary data', fileName: 'image.png' };
	const named = { ...sent, label: 'the file "shoe.png"', fileName: 'shoe.png' };
	expect(validateFile(png, origin, having(undefined))).toEqual({ accepted: ofKind });
	expect(validateFile({ ...png, fileName: null }, origin, having(undefined))).toEqual({
		accepted: ofKind,
	});
	expect(validateFile({ ...png, fileName: 'shoe.png' }, origin, having(undefined))).toEqual({
		accepted: named,
	});
});

describe('a file without its content, as an expression gives it', () => {
	const description = { mimeType: 'image/png', fileType: 'image', fileExtension: 'png' };
	const other = { ...description, fileExtension: 'x-png', data: 'BBBB' };
	const stored = { ...description, id: 'filesystem-v2:x', data: 'filesystem-v2' };

	it('is read from the only binary field that matches its description', () => {
		const media = withFields({ list: [], nothing: null, other, shoe: stored });
		expect(validateFile(description, origin, media)).toEqual({
			accepted: {
				...sent,
				label: 'the binary field "shoe"',
				id: 'filesystem-v2:x',
				base64: '',
				fileName: 'shoe.png',
			},
		});
	});

	it.each<[string, Record<string, unknown>]>([
		['no field', { other }],
		['two fields', { shoe: stored, copy: stored }],
	])('cannot be sent if it fits %s', (_case, fields) => {
		expect(validateFile(description, origin, withFields(fields))).toEqual({
			problem: ': image 2 has no content: the binary data has no data',
			advice:
				'Give the name of its binary field instead. Expressions cannot read the content of this file.',
		});
	});
});

const CHECK_CONTENT =
	'Check the node that made the file: it must give the content as base64 in data.';

it.each<[string, unknown, unknown, string, string]>([
	[
		'a number',
		7,
		png,
		'must be the name of a binary field, but is 7',
		'Give only the name, such as data.',
	],
	[
		'an object that is no file',
		{ data: 'AAAA' },
		png,
		'must be the name of a binary field, but is {"data":"AAAA"}',
		'Give only the name, such as data.',
	],
	[
		'a file that became text',
		' [object Object] ',
		png,
		'must be a file, but is an object that became text: "[object Object]"',
		PICK_A_FIELD,
	],
	[
		'a file without a type',
		'data',
		{ data: 'AAAA', mimeType: null },
		'must be a JPEG, PNG, BMP or WEBP image, but the binary field "data" has no type',
		'Check the node that made the file: it must give a mimeType, such as image/png.',
	],
	[
		'a file of the wrong type',
		'data',
		{ data: 'AAAA', mimeType: 'video/mp4' },
		'must be a JPEG, PNG, BMP or WEBP image, but the binary field "data" holds "video/mp4"',
		'Choose another binary field, or convert the file first.',
	],
	[
		'a file without content',
		'data',
		{ mimeType: 'image/png' },
		'has no content: the binary field "data" has no data',
		CHECK_CONTENT,
	],
	[
		'a described file with empty content',
		{ mimeType: 'image/png', fileType: 'image', data: null },
		png,
		'has no content: the binary data has no data',
		CHECK_CONTENT,
	],
	[
		'a file whose content is no base64',
		{ mimeType: 'image/png', fileName: 'shoe.png', data: '???' },
		png,
		'cannot be read: the data of the file "shoe.png" is not base64',
		CHECK_CONTENT,
	],
	[
		'a file of a type only in its name whose content is no base64',
		'data',
		{ mimeType: '', fileName: 'shoe.png', data: '???' },
		'cannot be read: the data of the binary field "data" is not base64',
		CHECK_CONTENT,
	],
])('refuses %s', (_case, source, data, problem, advice) => {
	expect(validateFile(source, origin, having(data))).toEqual({
		problem: `: image 2 ${problem}`,
		advice,
	});
});

it('refuses a field that holds no file, even where any file will do', () => {
	expect(validateFile('data', { ...origin, kind: 'file' }, having('AAAA'))).toEqual({
		problem: ': image 2 has no content: the binary field "data" has no data',
		advice: CHECK_CONTENT,
	});
});

describe('a name that no binary field has', () => {
	const CHOOSE_URL = 'For a web address, choose URL instead of Binary.';
	const HAS = 'The item has these: data, mask.';
	const NONE =
		'The item has no binary fields. Put a node that reads or downloads the file before this one.';
	const TOOL =
		'An AI agent gives its tools no files. Choose URL instead of Binary. Give an address that anyone can open, or the file itself as data:image/png;base64,….';
	const TOOL_EITHER =
		'An AI agent gives its tools no files. Give an address that anyone can open, or the file itself as data:image/png;base64,….';
	const TOOL_FILES =
		'An AI agent gives its tools no files. Models take an address as well, without an upload.';

	it.each<[string, string[], boolean, Origin['takes'], string]>([
		['http://a.example/1.png', ['data', 'mask'], false, undefined, CHOOSE_URL],
		['HTTPS://a.example/1.png', [], false, 'either', CHOOSE_URL],
		['data:image/png;base64,AAAA', [], true, undefined, CHOOSE_URL],
		['runflow://assets/a1', ['data'], true, 'either', CHOOSE_URL],
		['https://a.example/1.png', ['data', 'mask'], false, 'files', HAS],
		['https://a.example/1.png', [], false, 'files', NONE],
		['my data:', ['data', 'mask'], false, undefined, HAS],
		['photo', ['data', 'mask'], true, 'either', HAS],
		['photo', [], false, undefined, NONE],
		['photo', [], false, 'files', NONE],
		['photo', [], true, undefined, TOOL],
		['photo', [], true, 'either', TOOL_EITHER],
		['photo', [], true, 'files', TOOL_FILES],
	])(
		'refuses the name %s where the item has %j (a tool: %s, takes: %s)',
		(name, names, isTool, takes, advice) => {
			const fields = Object.fromEntries(names.map((one) => [one, png]));
			const place: Origin = { ...origin, ...(takes === undefined ? {} : { takes }) };
			expect(validateFile(` ${name} `, place, withFields(fields, isTool))).toEqual({
				problem: `: image 2 names the binary field "${name}", which the item does not have`,
				advice,
			});
		},
	);
});
