import {
	assetReference,
	explainStorage,
	readAsset,
	readAssetReference,
	readUploadSession,
	uploadBody,
	uploadTimeout,
} from '../../../../../nodes/shared/api/files/asset';

const HTTPS = 'https://api.runflow.io';
const HTTP = 'http://127.0.0.1:8787';

describe('the answer to step 1', () => {
	const session = (uploadUrl: unknown, assetId: unknown = 'a-1') => ({
		asset_id: assetId,
		upload_url: uploadUrl,
	});

	it.each([
		[session('https://storage.example/x?sig=1'), HTTPS],
		[session('https://storage.example/x'), HTTP],
		[session('http://127.0.0.1:9/x'), HTTP],
	])('%j is where the bytes go', (body, apiUrl) => {
		expect(readUploadSession(body, apiUrl)).toEqual({
			assetId: 'a-1',
			uploadUrl: body.upload_url,
		});
	});

	it.each([
		[session('http://storage.example/x'), HTTPS],
		[session('ftp://storage.example/x'), HTTP],
		[session('/relative'), HTTP],
		[session('http://storage.example/x'), ''],
	])('%j for %s is insecure', (body, apiUrl) => {
		expect(readUploadSession(body, apiUrl)).toBe('insecure');
	});

	it.each([
		[null],
		['<html>'],
		[{}],
		[session(undefined)],
		[session('https://a.example/', '')],
		[session('https://a.example/', '../runs')],
		[session('https://a.example/', 7)],
	])('%j is none', (body) => {
		expect(readUploadSession(body, HTTPS)).toBeUndefined();
	});
});

it('sends name, type and size, the name cut to what Runflow takes', () => {
	expect(uploadBody({ fileName: 'a.png', mimeType: 'image/png', sizeBytes: 3 })).toEqual({
		filename: 'a.png',
		mime_type: 'image/png',
		size_bytes: 3,
	});
	const { filename } = uploadBody({ fileName: 'x'.repeat(600), mimeType: '', sizeBytes: 1 });
	expect(filename).toHaveLength(500);
});

it('reads a confirmed asset', () => {
	const record = { id: 'a', url: 'https://x.example', name: 'a.png' };
	expect(readAsset(record)).toEqual({ id: 'a', url: 'https://x.example', record });
	expect(readAsset({ id: 'a', url: null })).toMatchObject({ id: 'a', url: undefined });
	for (const body of [null, [], {}, { id: '' }, { id: 'a/b' }]) {
		expect(readAsset(body)).toBeUndefined();
	}
});

it('writes and reads references', () => {
	expect(assetReference('a-1')).toBe('runflow://assets/a-1');
	expect(readAssetReference('runflow://assets/a-1')).toBe('a-1');
	expect(readAssetReference('https://a.example/runflow://assets/a-1')).toBeUndefined();
});

it('gives two minutes, and large files more', () => {
	expect(uploadTimeout(1)).toBe(120_000);
	expect(uploadTimeout(52_428_800)).toBe(200_000);
});

it('says what a storage says', () => {
	const answer = (body: unknown) => ({ status: 400, headers: {}, body });
	const s3 = '<?xml version="1.0"?><Error><Code>TooBig</Code><Message>Too large</Message></Error>';
	expect(explainStorage(answer(s3), 'upload')).toMatchObject({
		message: 'Too large',
		code: 'TooBig',
	});
	const foreign = explainStorage(answer('<title>Blocked</title>'), 'upload');
	expect(foreign.message).toBe(
		"Something between n8n and Runflow's storage answered with HTTP status 400",
	);
	expect(foreign.description).toContain('\nIts answer: Blocked');
	const { message, description, code } = explainStorage(answer(''), 'upload');
	expect(message).toBe('The storage answered with HTTP status 400');
	expect(description).toContain('No run was started.');
	expect(code).toBeUndefined();
});
