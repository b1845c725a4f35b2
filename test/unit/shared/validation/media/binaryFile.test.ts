import type { IBinaryData } from 'n8n-workflow';

import {
	decodedLength,
	isBinaryFile,
	validateFile,
	validateSize,
} from '../../../../../nodes/shared/validation/media/binaryFile';
import type { MediaContext } from '../../../../../nodes/shared/validation/result';

const origin = { kind: 'image', title: 'Images', which: ': image 2' } as const;
const png: IBinaryData = { data: 'AAAA', mimeType: 'image/png' };

function having(data: unknown, isTool = false): MediaContext {
	const names = data === undefined ? [] : ['data'];
	const find = (name: string) => (name === 'data' ? data : undefined);
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

it('takes nothing for a file that is not made here', () => {
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
