import { PackageDirectoryLoader, RoutingNode, type ExecuteContext } from 'n8n-core';
import type {
	IBinaryData,
	IBinaryKeyData,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypes,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Wan27 } from '../../nodes/Wan27/Wan27.node';
import { sawInPlace } from '../secrets/watch';
import type { TestFiles } from './binaryData';

/** The package as n8n loads it: from `package.json`, the built files. */
export interface LoadedPackage {
	nodes: Record<string, INodeType>;
	credentials: Record<string, ICredentialType>;
}

/** For how long (ms) a download is tried again, so that there are three attempts: 1 s after the first, and not after 3 s. */
export const THREE_ATTEMPTS = 2900;

const ROOT = resolve(__dirname, '../..');

/** Loads the built package with n8n's own loader, which also adds Request Options to declarative nodes. */
export async function loadPackage(): Promise<LoadedPackage> {
	expectFreshBuild();
	const loader = new PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	const nodes: LoadedPackage['nodes'] = {};
	for (const [name, { type }] of Object.entries(loader.nodeTypes)) {
		if (!('description' in type)) throw new Error(`${name} is versioned, the harness is not`);
		const node = declarative(type as INodeType);
		nodes[`${loader.packageName}.${name}`] = node;
		if (node.description.usableAsTool) nodes[`${loader.packageName}.${name}Tool`] = asTool(node);
	}
	const credentials: LoadedPackage['credentials'] = {};
	for (const [name, { type }] of Object.entries(loader.credentialTypes)) credentials[name] = type;
	const { constructor } = nodes[`${loader.packageName}.wan27`] ?? {};
	Object.assign((constructor as typeof Wan27).limits, { patience: THREE_ATTEMPTS });
	return { nodes, credentials };
}

/** What the app makes of a node that is usable as a tool, as far as an agent needs it. */
function asTool(node: INodeType): INodeType {
	const { AiTool } = NodeConnectionTypes;
	const description = { ...node.description, inputs: [], outputs: [AiTool] };
	return Object.assign(Object.create(node) as INodeType, { description });
}

/** A test of an old build says nothing about the sources. */
function expectFreshBuild(): void {
	const built = statSync(resolve(ROOT, 'dist/index.js'), { throwIfNoEntry: false });
	for (const folder of ['nodes', 'credentials']) {
		for (const file of readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
			const { mtimeMs } = statSync(resolve(ROOT, folder, file));
			if (built === undefined || (file.endsWith('.ts') && mtimeMs > built.mtimeMs)) {
				throw new Error(`${folder}/${file} is newer than dist: npm run build`);
			}
		}
	}
}

/** What the app does to a node without its own behaviour; core's own fallback differs from it. */
export function declarative(type: INodeType): INodeType {
	if (type.execute !== undefined || type.description.requestDefaults === undefined) return type;
	return Object.assign(type, {
		async execute(this: IExecuteFunctions) {
			return await new RoutingNode(this as unknown as ExecuteContext, type).runNode();
		},
	});
}

/** The type of a node that starts a workflow with the items of its parameter `items`, and their `files`. */
export const SOURCE = 'test.source';
/** The type of a node that outputs its input. */
export const SINK = 'test.sink';

function helperNode(name: string, execute: INodeType['execute'], inputs: ['main'] | []): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: [],
			version: 1,
			description: '',
			defaults: {},
			inputs,
			outputs: [NodeConnectionTypes.Main],
			properties: [
				{ displayName: 'Items', name: 'items', type: 'json', default: '[]' },
				{ displayName: 'Files', name: 'files', type: 'json', default: '[]' },
			],
		},
		...(execute === undefined ? {} : { execute }),
	};
}

/** Binary fields as a node makes them that reads files. */
async function keep(context: IExecuteFunctions, files: TestFiles): Promise<IBinaryKeyData> {
	const kept = Object.entries(files).map(async ([field, { base64, fileName, mimeType, noted }]) => {
		const bytes = Buffer.from(base64, 'base64');
		const data = await context.helpers.prepareBinaryData(bytes, fileName, mimeType);
		const known = Object.entries({ ...data, ...noted }).filter(([, value]) => value !== null);
		return [field, Object.fromEntries(known) as unknown as IBinaryData] as const;
	});
	return Object.fromEntries(await Promise.all(kept));
}

/** The node, whose errors are seen as they are thrown: n8n keeps copies, without what an error hides. */
function watched(type: INodeType): INodeType {
	const seen = Object.create(type) as INodeType;
	for (const name of ['execute', 'webhook']) {
		if (!isCall(Reflect.get(type, name))) continue;
		// A test may have put another one there meanwhile.
		const call: Call = function (...args) {
			return Reflect.apply(Reflect.get(type, name) as Call, this, args);
		};
		Reflect.set(seen, name, watchedCall(call));
	}
	const hooks = Object.entries(type.webhookMethods ?? {}).map(([name, steps]) => [
		name,
		Object.fromEntries(
			Object.entries(steps).map(([step, call]: [string, unknown]) => [
				step,
				isCall(call) ? watchedCall(call) : call,
			]),
		),
	]);
	if (hooks.length > 0) Reflect.set(seen, 'webhookMethods', Object.fromEntries(hooks));
	return seen;
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

function isCall(value: unknown): value is Call {
	return typeof value === 'function';
}

function watchedCall(call: Call): Call {
	return async function (...args) {
		try {
			return await call.apply(this, args);
		} catch (error) {
			sawInPlace('a thrown error', error);
			throw error;
		}
	};
}

/** n8n's registry with the package's nodes and the two helpers. */
export function nodeTypes(nodes: LoadedPackage['nodes']): INodeTypes {
	const known: Record<string, INodeType> = {
		...Object.fromEntries(Object.entries(nodes).map(([name, type]) => [name, watched(type)])),
		[SOURCE]: helperNode(
			'source',
			async function (this: IExecuteFunctions) {
				const items = this.getNodeParameter('items', 0) as IDataObject[];
				const files = this.getNodeParameter('files', 0, []) as unknown as TestFiles[];
				return [
					await Promise.all(
						items.map(async (json, index): Promise<INodeExecutionData> => {
							const own = files[index];
							return own === undefined ? { json } : { json, binary: await keep(this, own) };
						}),
					),
				];
			},
			[],
		),
		[SINK]: helperNode(
			'sink',
			async function (this: IExecuteFunctions) {
				return await Promise.resolve([
					this.getInputData().map((item, index) => ({ ...item, pairedItem: { item: index } })),
				]);
			},
			['main'],
		),
	};
	const find = (name: string): INodeType => {
		const type = known[name];
		if (type === undefined) throw new Error(`Unknown node type ${name}`);
		return type;
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
}
