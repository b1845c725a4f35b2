import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { asText } from '../../nodes/shared/values/json';
import { forgetBinaryData, type TestFiles } from '../engine/binaryData';
import { createEngine, type Engine, type Outcome } from '../engine/engine';
import { MADE_REFERENCE, wanWorkflow, type NodeSettings } from '../engine/workflows';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

/** The engine with the built package, in front of its own sandbox. */
export interface Bench {
	sandbox: Sandbox;
	engine: Engine;
	/** Runs the node once over the items. */
	run(
		parameters: INodeParameters,
		items?: IDataObject[],
		settings?: NodeSettings,
		files?: TestFiles[],
	): Promise<Outcome>;
	/** The bodies of the create requests, in the order they came, without the name that the node made. */
	bodies(): unknown[];
}

/**
 * In: what the sandbox starts with, and node types beside the package's. Out: a bench for the tests of one file; call it
 * at the file's top level.
 */
export function useBench(
	options: SandboxOptions = {},
	more?: Parameters<typeof createEngine>[2],
): Bench {
	const bench = {} as Bench;
	beforeAll(async () => {
		bench.sandbox = await startSandbox({ runDurationMs: 0, ...options });
		const runflowApi = {
			apiKey: bench.sandbox.apiKey,
			baseUrl: bench.sandbox.url,
			callbackSecrets: '',
			organizationId: '',
		};
		bench.engine = await createEngine({ runflowApi }, {}, more);
	});
	afterEach(() => {
		bench.sandbox.reset();
	});
	afterAll(async () => {
		await bench.sandbox.close();
		forgetBinaryData();
	});
	bench.run = async (parameters, items, settings, files) =>
		await bench.engine.run(wanWorkflow(parameters, items, settings, files));
	bench.bodies = () =>
		bench.sandbox.posts('/runs').map(({ json }) => {
			const { client_ref: reference, ...body } = json as IDataObject;
			return MADE_REFERENCE.test(asText(reference)) ? body : json;
		});
	return bench;
}
