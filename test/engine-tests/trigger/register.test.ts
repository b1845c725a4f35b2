import { PARAMETERS, useTrigger } from './context';

const bench = useTrigger();

describe.each(['internal', 'manual'] as const)('listening (%s)', (mode) => {
	it('needs a secret', async () => {
		expect(await bench.host.hook('checkExists', mode)).toBe(false);
		expect(await bench.host.hook('create', mode)).toBe(true);
		expect(await bench.host.hook('delete')).toBe(true);
	});

	it.each(['', ' , '])('is refused without one (%j)', async (callbackSecrets) => {
		bench.host.credential = { ...bench.host.credential, callbackSecrets };
		await expect(bench.host.hook('create', mode)).rejects.toMatchObject({
			message:
				'Fill in Callback Signing Secrets in the Runflow API credential, or switch on Accept Unsigned Callbacks',
			description: expect.stringContaining('cannot tell whether a callback comes from') as string,
		});
	});

	it('needs none once the user says so', async () => {
		bench.host.credential = { ...bench.host.credential, callbackSecrets: '' };
		bench.host.parameters = { ...PARAMETERS, acceptUnsigned: true };
		expect(await bench.host.hook('create', mode)).toBe(true);
	});

	it('does not need the request that expressions speak of', async () => {
		const entry = [{ name: 'order', value: '={{ $json.body.metadata.order }}' }];
		bench.host.parameters = { ...PARAMETERS, options: { metadata: { entry } } };
		expect(await bench.host.hook('create', mode)).toBe(true);
	});

	it('is refused without a credential', async () => {
		bench.host.credential = undefined;
		await expect(bench.host.hook('create', mode)).rejects.toThrow();
	});

	it('is refused without events', async () => {
		bench.host.parameters = { ...PARAMETERS, events: [] };
		await expect(bench.host.hook('create', mode)).rejects.toThrow(
			'Choose at least one entry under Events',
		);
	});
});

it('asks Runflow for nothing', async () => {
	await bench.host.hook('create');
	await bench.host.hook('delete');
	expect(bench.sandbox.requests).toEqual([]);
});
