import type { IBinaryData, IDataObject, INodeParameters } from 'n8n-workflow';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { selfSigned } from '../../descriptions/selfSigned';
import { bytesOf, keepBinaryData } from '../../engine/binaryData';
import { createEngine, type Engine, type Outcome } from '../../engine/engine';
import { images, WAN, wanWorkflow, type NodeSettings } from '../../engine/workflows';
import { forwardTo, startInternet, type Answering, type Internet } from '../../internet';
import { until } from '../../until';
import { useBench } from '../context';

/** Run outputs that Runflow would not make. The API is public here, and lies. */
const API = 'http://api.runflow.example';
const FILES = 'http://files.runflow.example';
const MIB = 1024 * 1024;
const MOST = 256 * MIB;

const bench = useBench();
let internet: Internet;
let engine: Engine;
/** The `output` of every run, as the API returns it. */
let output: unknown;
/** How the storage answers. */
let storage: Answering;

jest.setTimeout(60_000);

beforeAll(async () => {
	internet = await startInternet();
	engine = await createEngine({
		runflowApi: {
			apiKey: bench.sandbox.apiKey,
			baseUrl: API,
			callbackSecrets: '',
			organizationId: '',
		},
	});
	const forward = forwardTo(bench.sandbox.url);
	internet.hosts.set('api.runflow.example', (request, response) => {
		const id = /\/v1\/runs\/([^/?]+)$/.exec(request.url ?? '')?.[1];
		if (id === undefined) {
			forward(request, response);
			return;
		}
		const text = JSON.stringify({ id, status_code: 'succeeded', cost: '0.0750', output: 'OUTPUT' });
		response.setHeader('content-type', 'application/json');
		response.end(
			text.replace('"OUTPUT"', () =>
				typeof output === 'string' ? output : JSON.stringify(output),
			),
		);
	});
	internet.hosts.set('files.runflow.example', (request, response) => {
		storage(request, response);
	});
});
beforeEach(async () => {
	await keepBinaryData('filesystem');
	storage = picture;
	internet.requested.length = 0;
});
afterAll(async () => {
	await internet.close();
});

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

const picture: Answering = (_request, response) => {
	response.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE);
};

function redirect(location: string, status = 302): Answering {
	return (_request, response) => {
		response.writeHead(status, { location }).end('elsewhere');
	};
}

async function run(
	made: unknown,
	settings: NodeSettings = {},
	more: INodeParameters = {},
): Promise<Outcome> {
	output = made;
	return await engine.run(
		wanWorkflow(
			{
				operation: 'proEdit',
				prompt: 'Blue',
				images: images('https://example.com/1.png'),
				downloadOutputs: true,
				options: { pollingInterval: 0.02 },
				requestOptions: { proxy: internet.url, allowUnauthorizedCerts: true },
				...more,
			},
			[{}],
			settings,
		),
	);
}

/** One output with that link. */
function linked(url: unknown): object {
	return { outputs: [{ url, type: 'image' }] };
}

/** The run that is paid for. */
function paid(): string {
	const runs = bench.sandbox.acceptedRuns();
	expect(runs).toHaveLength(1);
	return runs[0]?.id ?? '';
}

/** The requests to other hosts than the API. */
function foreign(): string[] {
	return internet.requested.filter((line) => !line.includes(API));
}

function file(outcome: Outcome): IBinaryData {
	expect(outcome.error).toBeUndefined();
	const data = outcome.items(WAN)[0]?.binary?.data;
	if (data === undefined) throw new Error('There is no file');
	return data;
}

/** The one error that says which output did not come, with the run that is paid for. */
function expectMissing(outcome: Outcome, problem: string, of = 1, number = 1): void {
	expect(outcome.error?.message).toBe(
		`Output ${number} of ${of} could not be downloaded: ${problem} [item 0]`,
	);
	expect(outcome.error).toMatchObject({ context: { runId: paid() } });
	expect(outcome.error?.description).toContain('You do not pay again');
	expect(outcome.error?.description).toContain(`Run ID: ${paid()}`);
}

const NO_ADDRESS = 'its link is not a web address';
const PRIVATE = 'its link leads into a private network';
const NAMED = 'its link has a user name or a password in it';

describe('a link', () => {
	it('that leads to a public host is followed, without a credential', async () => {
		let headers: unknown;
		storage = (request, response) => {
			({ headers } = request);
			picture(request, response);
		};
		const outcome = await run(linked(`${FILES}/a.png`));
		expect((await bytesOf(file(outcome))).equals(PICTURE)).toBe(true);
		expect(foreign()).toEqual([`GET ${FILES}/a.png`]);
		expect(Object.keys(headers as object)).not.toContain('authorization');
		expect(Object.keys(headers as object)).not.toContain('cookie');
	});

	it('that is a reference still, whenever the run is read, is not followed', async () => {
		const outcome = await run(linked('runflow://assets/1'));
		expectMissing(outcome, 'Runflow gave no link to it');
		expect(foreign()).toEqual([]);
	});

	it.each<[string, string]>([
		['file:///etc/passwd', NO_ADDRESS],
		['ftp://files.runflow.example/a.png', NO_ADDRESS],
		['data:image/png;base64,iVBORw0KGgo=', NO_ADDRESS],
		['javascript:alert(1)', NO_ADDRESS],
		['blob:http://files.runflow.example/1', NO_ADDRESS],
		['gopher://files.runflow.example:70/_x', NO_ADDRESS],
		['\\\\files.runflow.example\\share\\a.png', NO_ADDRESS],
		['//files.runflow.example/a.png', NO_ADDRESS],
		['/etc/passwd', NO_ADDRESS],
		[' http://files.runflow.example/a.png', NO_ADDRESS],
		['\thttp://files.runflow.example/a.png', NO_ADDRESS],
		['ht\ntp://files.runflow.example/a.png', NO_ADDRESS],
		['http:files.runflow.example/a.png', NO_ADDRESS],
		['http://', NO_ADDRESS],
		['http://[::1', NO_ADDRESS],
		['http://a b/', NO_ADDRESS],
		['https://exa%mple/', NO_ADDRESS],
		['http://user@files.runflow.example/', NAMED],
		['http://user:word@files.runflow.example/', NAMED],
		['http://api.runflow.io@10.0.0.1/', NAMED],
		['http://127.0.0.1/', PRIVATE],
		['http://localhost:5678/rest/credentials', PRIVATE],
		['http://LOCALHOST./', PRIVATE],
		['http://2130706433/', PRIVATE],
		['http://0x7f.1/', PRIVATE],
		['http://0177.0.0.1/', PRIVATE],
		['http://①②⑦.⓪.⓪.①/', PRIVATE],
		['http://ｌｏｃａｌｈｏｓｔ/', PRIVATE],
		['http://localhost。/', PRIVATE],
		['http://0.0.0.0/', PRIVATE],
		['http://10.0.0.5/', PRIVATE],
		['http://172.16.0.1/', PRIVATE],
		['http://192.168.0.1/', PRIVATE],
		['http://192.0.0.192/', PRIVATE],
		['http://198.18.0.1/', PRIVATE],
		['http://100.64.0.1/', PRIVATE],
		['http://255.255.255.255/', PRIVATE],
		['http://224.0.0.1/', PRIVATE],
		['http://169.254.169.254/latest/meta-data/', PRIVATE],
		['http://metadata.google.internal/computeMetadata/v1/', PRIVATE],
		['http://redis:6379/', PRIVATE],
		['https://printer.local/', PRIVATE],
		['http://[::1]/', PRIVATE],
		['http://[::]/', PRIVATE],
		['http://[::127.0.0.1]/', PRIVATE],
		['http://[::ffff:10.0.0.1]/', PRIVATE],
		['http://[64:ff9b::10.0.0.1]/', PRIVATE],
		['http://[fe80::1]/', PRIVATE],
		['http://[fd00::1]/', PRIVATE],
		['http://[ff02::1]/', PRIVATE],
	])('%s is not followed', async (url, problem) => {
		const outcome = await run(linked(url));
		expectMissing(outcome, problem);
		expect(outcome.error?.description).toContain(`Link: ${url}`.split('\n')[0]);
		expect(outcome.error?.description).toContain('Retrying with the same settings will not help');
		expect(foreign()).toEqual([]);
	});

	it('that is too long is not followed, and not repeated in the error', async () => {
		const url = `${FILES}/${'x'.repeat(8192)}`;
		const outcome = await run(linked(url));
		expectMissing(outcome, 'its link is longer than 8192 characters');
		expect(outcome.error?.description?.length).toBeLessThan(500);
		expect(foreign()).toEqual([]);
	});

	it('of 8192 characters is followed', async () => {
		const url = `${FILES}/`.padEnd(8192, 'x');
		file(await run(linked(url)));
		expect(foreign()).toEqual([`GET ${url}`]);
	});

	it('that is not followed is in the item of a node that downloads nothing', async () => {
		const outcome = await run(linked('runflow://assets/1'), {}, { downloadOutputs: false });
		expect(outcome.items(WAN)[0]?.json).toMatchObject({
			id: paid(),
			outputs: [{ url: 'runflow://assets/1', type: 'image' }],
		});
	});

	it('is in the error output', async () => {
		const outcome = await run(linked('http://10.0.0.5/a.png'), { onError: 'continueErrorOutput' });
		expect(outcome.items(WAN, 1)[0]?.json.error).toMatchObject({
			runId: paid(),
			description: expect.stringContaining('Link: http://10.0.0.5/a.png') as string,
		});
	});

	it.each([[''], [5], [null], [{}], [['http://10.0.0.5/']], [true]])(
		'that is %j is none, and the run is output',
		async (url) => {
			const outcome = await run(linked(url));
			expect(outcome.error).toBeUndefined();
			expect(outcome.items(WAN)[0]?.json).toMatchObject({ id: paid(), outputs: [] });
			expect(foreign()).toEqual([]);
		},
	);

	it('into a private network is followed where the API is in one', async () => {
		const outcome = await bench.run({
			operation: 'proEdit',
			prompt: 'Blue',
			images: images('https://example.com/1.png'),
			downloadOutputs: true,
			options: { pollingInterval: 0.02 },
		});
		expect(file(outcome).mimeType).toBe('image/png');
	});
});

describe('a storage that sends on', () => {
	it.each([301, 302, 303, 307, 308])(
		'is followed with %i, without a credential',
		async (status) => {
			storage = redirect('http://cdn.example.com/there/b.png', status);
			let authorization: unknown = 'none seen';
			internet.hosts.set('cdn.example.com', (request, response) => {
				({ authorization } = request.headers);
				picture(request, response);
			});
			expect(file(await run(linked(`${FILES}/a.png`))).fileName).toBe('a.png');
			expect(foreign()).toEqual([`GET ${FILES}/a.png`, 'GET http://cdn.example.com/there/b.png']);
			expect(authorization).toBeUndefined();
		},
	);

	it('within itself is followed', async () => {
		storage = (request, response) => {
			(request.url?.endsWith('/b.png') === true ? picture : redirect('../b.png'))(
				request,
				response,
			);
		};
		file(await run(linked(`${FILES}/x/a.png`)));
		expect(foreign()).toEqual([`GET ${FILES}/x/a.png`, `GET ${FILES}/b.png`]);
	});

	it('in raw UTF-8 is encoded once', async () => {
		const name = 'видео.png';
		storage = (request, response) => {
			if (request.url?.includes('/x/') === true) {
				redirect(Buffer.from(`../${name}?a=%20b`).toString('latin1'))(request, response);
				return;
			}
			picture(request, response);
		};
		expect(file(await run(linked(`${FILES}/x/a`))).fileName).toBe('a.png');
		expect(foreign()[1]).toBe(`GET ${FILES}/${encodeURIComponent(name)}?a=%20b`);
	});

	it('to the API takes no credential there', async () => {
		storage = redirect(`${API}/v1/auth/me`);
		const outcome = await run(linked(`${FILES}/a.png`));
		expectMissing(outcome, 'the storage answered with HTTP status 401');
		const [me] = bench.sandbox.requests.filter(({ path }) => path === '/v1/auth/me');
		expect(me?.headers).not.toHaveProperty('authorization');
	});

	it.each<[string, string]>([
		['file:///etc/passwd', NO_ADDRESS],
		['data:image/png;base64,iVBORw0KGgo=', NO_ADDRESS],
		['ftp://cdn.example.com/b.png', NO_ADDRESS],
		['http://169.254.169.254/latest/meta-data/', PRIVATE],
		['//127.0.0.1:5678/rest/settings', PRIVATE],
		['http://user:word@cdn.example.com/', NAMED],
		[`/${'x'.repeat(8192)}`, 'its link is longer than 8192 characters'],
	])('to another address (%#) is not followed', async (location, problem) => {
		storage = redirect(location);
		const outcome = await run(linked(`${FILES}/a.png`));
		expectMissing(outcome, problem);
		expect(outcome.error?.description).toContain(`Link: ${FILES}/a.png`);
		expect(foreign()).toEqual([`GET ${FILES}/a.png`]);
	});

	it('in a circle is followed five times, at each of three tries', async () => {
		storage = redirect(`${FILES}/a.png`);
		expectMissing(await run(linked(`${FILES}/a.png`)), 'the storage answered with HTTP status 302');
		expect(foreign()).toHaveLength(3 * 6);
	});

	it.each(['http://[', ''])('to "%s" is not followed', async (location) => {
		storage = redirect(location);
		const outcome = await run(linked(`${FILES}/a.png`));
		expect(outcome.error?.message).toContain('the storage answered with HTTP status 302');
		expect(outcome.error).toMatchObject({ context: { runId: paid() } });
	});

	it('from https to http is not followed', async () => {
		const server = createHttpsServer(selfSigned(), redirect(`${FILES}/a.png`));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		internet.encrypted = (server.address() as AddressInfo).port;
		const outcome = await run(linked('https://secure.runflow.example/a.png'));
		expectMissing(outcome, 'its storage redirects to an address that is not encrypted');
		expect(foreign()).toEqual(['CONNECT secure.runflow.example:443']);
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
});

/** The name of a file whose storage gives it none. */
function madeName(): string {
	return `runflow-${paid().slice(-8)}-1.png`;
}

describe('a file', () => {
	const TOO_LARGE = 'it is larger than 256 MiB';

	it('that says it is too large is not read', async () => {
		storage = (_request, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': MOST + 1 });
			response.write(PICTURE);
		};
		expectMissing(await run(linked(`${FILES}/a.mp4`)), TOO_LARGE);
		expect(foreign()).toHaveLength(1);
	});

	it('of as much as may be comes', async () => {
		const mebibytes = Array<Buffer>(256).fill(Buffer.alloc(MIB));
		storage = (_request, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': MOST });
			Readable.from(mebibytes).pipe(response);
		};
		expect((await bytesOf(file(await run(linked(`${FILES}/a.mp4`))))).length).toBe(MOST);
	});

	it.each(['filesystem', 'default'] as const)(
		'that never ends is broken off, and not tried again, in n8n’s mode %s',
		async (mode) => {
			await keepBinaryData(mode);
			let sent = 0;
			let isOver = false;
			storage = (_request, response) => {
				response.writeHead(200, { 'content-type': 'video/mp4' });
				response.on('close', () => (isOver = true));
				const chunk = Buffer.alloc(MIB);
				const more = (): void => {
					while (!response.destroyed && response.write(chunk)) sent += chunk.length;
					sent += chunk.length;
				};
				response.on('drain', more);
				more();
			};
			const outcome = await run(linked(`${FILES}/a.mp4`));
			expectMissing(outcome, TOO_LARGE);
			expect(foreign()).toHaveLength(1);
			await until(() => isOver);
			expect(sent).toBeLessThan(MOST + 32 * MIB);
		},
	);

	it('that is small only while it is packed is broken off', async () => {
		const member = gzipSync(Buffer.alloc(MIB));
		const bomb = Buffer.concat(Array.from({ length: 300 }, () => member));
		expect(bomb.length).toBeLessThan(MIB);
		storage = (_request, response) => {
			const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' };
			response.writeHead(200, headers).end(bomb);
		};
		expectMissing(await run(linked(`${FILES}/a.png`)), TOO_LARGE);
		expect(foreign()).toHaveLength(1);
	});

	it('that is packed is unpacked', async () => {
		storage = (_request, response) => {
			const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' };
			response.writeHead(200, headers).end(gzipSync(PICTURE));
		};
		expect((await bytesOf(file(await run(linked(`${FILES}/a.png`))))).equals(PICTURE)).toBe(true);
	});

	it('that promises more than it has is tried again, then missing', async () => {
		storage = (_request, response) => {
			response.writeHead(200, { 'content-type': 'image/png', 'content-length': 1000 });
			response.write(PICTURE, () => response.destroy());
		};
		expectMissing(await run(linked(`${FILES}/a.png`)), 'the connection broke off');
		expect(foreign()).toHaveLength(3);
	});

	it.each<[string, string, string, string]>([
		['a path', 'attachment; filename="../../../root/.ssh/id.png"', 'image/png', 'id.png'],
		['a Windows path', 'attachment; filename="..\\\\..\\\\x.png"', 'image/png', 'x.png'],
		['an encoded path', "attachment; filename*=UTF-8''..%2F..%2Fx.png", 'image/png', 'x.png'],
		['a NUL', "attachment; filename*=UTF-8''x.png%00.exe", 'image/png', 'x.png.exe.png'],
		['line ends', "attachment; filename*=UTF-8''a%0D%0Ab%1B.png", 'image/png', 'ab.png'],
		[
			'letters turned round',
			"attachment; filename*=UTF-8''a%E2%80%AEgnp.exe",
			'image/png',
			'agnp.exe.png',
		],
		['dots alone', 'attachment; filename="...."', 'image/png', 'made up'],
		['a hidden name', 'attachment; filename=".env"', 'image/png', 'env.png'],
		['a name that Windows keeps', 'attachment; filename="con.png"', 'image/png', 'con_.png'],
		['another one', 'attachment; filename="COM1"', 'image/webp', 'COM1_.webp'],
		['none of them', 'attachment; filename="console.png"', 'image/png', 'console.png'],
		['a stream of NTFS', 'attachment; filename="a.png:$DATA"', 'image/png', 'a.png$DATA.png'],
		[
			'300 letters',
			`attachment; filename="${'x'.repeat(300)}.png"`,
			'image/png',
			`${'x'.repeat(116)}.png`,
		],
		[
			'300 pictures',
			`attachment; filename*=UTF-8''${encodeURIComponent('👟').repeat(300)}.png`,
			'image/png',
			`${'👟'.repeat(59)}.png`,
		],
	])('is named without %s', async (_what, disposition, contentType, fileName) => {
		storage = (_request, response) => {
			const headers = { 'content-type': contentType, 'content-disposition': disposition };
			response.writeHead(200, headers).end(PICTURE);
		};
		const data = file(await run(linked(`${FILES}/a`)));
		expect(data.fileName).toBe(fileName === 'made up' ? madeName() : fileName);
		expect(data.directory).toBeUndefined();
	});

	it('is named as a header in raw UTF-8 says', async () => {
		storage = (_request, response) => {
			const disposition = `inline; filename="${Buffer.from('видео.png').toString('latin1')}"`;
			const headers = { 'content-type': 'image/png', 'content-disposition': disposition };
			response.writeHead(200, headers).end(PICTURE);
		};
		expect(file(await run(linked(`${FILES}/a`))).fileName).toBe('видео.png');
	});

	it.each<[string, string]>([
		['IMAGE/PNG; charset=utf-8', 'image/png'],
		['image/png, text/html', 'image/png'],
		['<script>alert(1)</script>', 'image/png'],
		// Its run says that it is an image.
		['constructor/x', 'image/png'],
		['text/plain', 'image/png'],
		['video/mp4', 'image/png'],
		['nonsense', 'image/png'],
		['/', 'image/png'],
		['image/', 'image/png'],
		[`image/${'x'.repeat(5000)}`, 'image/png'],
		['image/png\tx', 'image/png'],
		['; boundary=x', 'image/png'],
		['application/octet-stream', 'image/png'],
	])('of a certain type (%#) is called what that type is', async (contentType, mimeType) => {
		storage = (_request, response) => {
			response.writeHead(200, { 'content-type': contentType }).end(PICTURE);
		};
		const data = file(await run(linked(`${FILES}/`)));
		expect(data.mimeType).toBe(mimeType);
		expect(data.fileName).toBe(madeName());
	});
});

it('is fetched once under Retry On Fail, though the record has an error of null', async () => {
	const made = `${JSON.stringify(linked(`${FILES}/a.png`))},"error":null`;
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const outcome = await run(made, retry, { simplify: false });
	expect(file(outcome).fileName).toBe('a.png');
	expect(outcome.items(WAN)[0]?.json).toMatchObject({ status_code: 'succeeded' });
	expect(outcome.items(WAN)[0]?.json).not.toHaveProperty('error');
	expect(outcome.runs(WAN)).toBe(1);
	expect(foreign()).toEqual([`GET ${FILES}/a.png`]);
	paid();
});

describe('an output', () => {
	it('has at most 100 files, and none of more is fetched', async () => {
		const outputs = Array.from({ length: 10_000 }, (_, n) => ({ url: `${FILES}/${n}.png` }));
		expectMissing(await run({ outputs }), 'no more than 100 are downloaded', 10_000);
		expect(foreign()).toEqual([]);
	});

	it('of 100 files is downloaded', async () => {
		const outputs = Array.from({ length: 100 }, (_, n) => ({ url: `${FILES}/${n}.png` }));
		const outcome = await run({ outputs });
		expect(outcome.error).toBeUndefined();
		expect(Object.keys(outcome.items(WAN)[0]?.binary ?? {})).toHaveLength(100);
	});

	it('that grows when its links are renewed still ends', async () => {
		storage = (_request, response) => {
			const outputs = Array.from({ length: 1000 }, (_, n) => ({ url: `${FILES}/new/${n}.png` }));
			output = { outputs };
			response.writeHead(403).end();
		};
		expectMissing(await run(linked(`${FILES}/a.png`)), 'no more than 100 are downloaded', 1000);
		expect(foreign()).toEqual([`GET ${FILES}/a.png`]);
	});

	it('that is missing in part names the missing ones', async () => {
		const outputs = [{ url: `${FILES}/1.png` }, { url: 'file:///etc/passwd' }];
		expectMissing(await run({ outputs }), NO_ADDRESS, 2, 2);
	});

	it.each(['constructor', '__proto__', 5, null, { a: 1 }, ['image']])(
		'of the type %j is a file like others',
		async (type) => {
			storage = (_request, response) => {
				response.writeHead(200).end(PICTURE);
			};
			const data = file(await run({ outputs: [{ url: `${FILES}/a`, type }] }));
			expect(data.mimeType).toBe('application/octet-stream');
		},
	);

	it('changes no object by the names in it', async () => {
		const url = `${FILES}/a.png`;
		const bad = '{"polluted":"yes"}';
		const made = `{"__proto__":${bad},"constructor":{"prototype":${bad}},"outputs":[{"__proto__":${bad},"url":"${url}"}]}`;
		for (const simplify of [true, false]) {
			const outcome = await run(made, {}, { simplify });
			expect(outcome.error).toBeUndefined();
			expect(({} as IDataObject).polluted).toBeUndefined();
			expect(outcome.items(WAN)[0]?.json.polluted).toBeUndefined();
			bench.sandbox.reset();
		}
	});

	it.each<[string, unknown]>([
		['a deep nest', `${'['.repeat(5000)}${']'.repeat(5000)}`],
		['a deep object', `${'{"outputs":'.repeat(1000)}1${'}'.repeat(1000)}`],
		['a list of everything', { outputs: [null, 1, 'x', [], {}, [['x']], true] }],
		['a number', 5],
		['null', null],
		['outputs that are an object', { outputs: { 0: { url: `${FILES}/a.png` } } }],
	])('that is %s is none, and the run is output', async (_what, made) => {
		const outcome = await run(made);
		expect(outcome.error).toBeUndefined();
		expect(outcome.items(WAN)[0]?.json).toMatchObject({
			id: paid(),
			status: 'succeeded',
			outputs: [],
		});
		expect(foreign()).toEqual([]);
	});
});
