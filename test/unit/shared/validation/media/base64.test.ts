import { readContent, readDataUri } from '../../../../../nodes/shared/validation/media/base64';

const bytes = Buffer.from('89504e470d0a1a0a', 'hex');
const base64 = bytes.toString('base64');

it.each<[string, unknown]>([
	['base64', base64],
	['base64 in lines', `${base64.slice(0, 4)}\r\n${base64.slice(4)}\n`],
	['base64 without padding', base64.replace(/=+$/, '')],
	['a Buffer', bytes],
	['bytes', new Uint8Array(bytes)],
	['a part of longer bytes', new Uint8Array([0, ...bytes, 0]).subarray(1, 9)],
	['an ArrayBuffer', new Uint8Array(bytes).buffer],
	['a Buffer as JSON writes it', JSON.parse(JSON.stringify(bytes))],
])('reads %s', (_case, data) => {
	expect(readContent(data)).toEqual({ base64 });
});

it.each([
	[`data:image/png;base64,${base64}`, 'image/png'],
	[` DATA:image/png;charset=x;base64,${base64}\n`, 'image/png'],
	[`data:;base64,${base64}`, ''],
])('takes the prefix of %s off', (data, mimeType) => {
	expect(readContent(data)).toEqual({ base64, mimeType });
});

it.each([
	['nothing', undefined],
	['null', null],
	['a number', 7],
	['an address', 'https://example.com/1.png'],
	['the mark of a stored file', 'filesystem-v2'],
	['a data: address without base64', 'data:image/svg+xml,<svg/>'],
	['a data: address without a comma', 'data:image/png;base64'],
	['other letters', 'AAA_'],
	['one digit too many', 'AAAAA'],
	['an equals sign between the digits', 'AA=A'],
	['an equals sign without digits', '='],
	['an empty data: address', 'data:image/png;base64,'],
	['an object', { type: 'Buffer' }],
	['a Buffer of text', { type: 'Buffer', data: 'AAAA' }],
	['a list that is no Buffer', { type: 'Buffer', data: ['a'] }],
	['a list that is only in part a Buffer', { type: 'Buffer', data: [1, 'a'] }],
	['a list of numbers with another type', { type: 'File', data: [1, 2] }],
	['a list of numbers without a type', { data: [1, 2] }],
])('does not read %s', (_case, data) => {
	expect(readContent(data)).toBeUndefined();
});

it.each([
	['AA', 'AA=='],
	['AA=', 'AA=='],
	['AA==', 'AA=='],
	['AAA', 'AAA='],
	['AAA==', 'AAA='],
	['AAAA=', 'AAAA'],
	['+/+/', '+/+/'],
])('reads %s as %s', (given, read) => {
	expect(readContent(given)).toEqual({ base64: read });
});

it('reads an empty file', () => {
	expect(readContent('')).toEqual({ base64: '' });
});

it.each([
	['xdata:image/png;base64,AAAA'],
	['data:image/png,AAAA'],
	['data:image/png;base64;charset=x,AAAA'],
	['data:image/png;base64,AAA_'],
])('does not read the address %s', (uri) => {
	expect(readDataUri(uri)).toBeUndefined();
});
