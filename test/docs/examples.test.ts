import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { Runflow } from '../../nodes/Runflow/Runflow.node';
import { RunflowTrigger } from '../../nodes/RunflowTrigger/RunflowTrigger.node';
import { Wan27 } from '../../nodes/Wan27/Wan27.node';

const FOLDER = join(__dirname, '../..', 'examples');

/** Hosts that the examples may call; cms.example.com is a placeholder. */
const HOSTS = ['api.runflow.io', 'cms.example.com', 'docs.google.com', 'public.runflow.io'];

/** What an export holds of the person who made it, and what n8n sets for each workflow again. */
const PERSONAL = ['credentials', 'instanceId', 'meta', 'tags', 'versionId', 'webhookId'];

/** What secrets of the services in the examples look like, and of Runflow. */
const SECRETS = /rf_live_|whsec_|xox[abp]-|sk-[A-Za-z0-9]|ya29\.|AIza|Bearer |BEGIN [A-Z ]*KEY/;

const OURS: Record<string, INodeTypeDescription> = {
	'n8n-nodes-runflow.runflow': new Runflow().description,
	'n8n-nodes-runflow.runflowTrigger': new RunflowTrigger().description,
	'n8n-nodes-runflow.wan27': new Wan27().description,
	'n8n-nodes-runflow.wan27Tool': new Wan27().description,
};

/** What n8n adds to a node that is used as a tool. */
const TOOL_PARAMETERS = ['descriptionType', 'toolDescription'];

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

interface Example {
	name: string;
	nodes: INode[];
	pinData: Record<string, unknown>;
	connections: Record<string, Record<string, ({ node: string }[] | null)[]>>;
	settings: unknown;
}

const files = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => {
		const text = readFileSync(join(FOLDER, file), 'utf8');
		return { key: basename(file, '.json'), text, workflow: JSON.parse(text) as Example };
	});

/** Every key of a value, at any depth. */
function keysOf(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, part]) => [key, ...keysOf(part)]);
}

function stickyNotes({ nodes }: Example): INode[] {
	return nodes.filter(({ type }) => type === STICKY_NOTE);
}

function realNodes({ nodes }: Example): INode[] {
	return nodes.filter(({ type }) => type !== STICKY_NOTE);
}

/** The nodes that a node is connected to, by any kind of connection. */
function targetsOf(workflow: Example, name: string): string[] {
	return Object.values(workflow.connections[name] ?? {})
		.flat()
		.flatMap((targets) => (targets ?? []).map(({ node }) => node));
}

/** The parameters of a list of choices whose value is none of them. Expressions choose at run time. */
function wrongChoices(properties: INodeProperties[], given: INodeParameters): string[] {
	return properties.flatMap(({ name, type, options = [] }) => {
		const value = given[name];
		if (type === 'collection') {
			return wrongChoices(options as INodeProperties[], (value ?? {}) as INodeParameters);
		}
		if (value === undefined || !['options', 'multiOptions'].includes(type)) return [];
		const choices = options.map((option) => ('value' in option ? option.value : undefined));
		const wrong = [value].flat().filter((one) => !choices.includes(one as string));
		return wrong.map((one) => `${name}: ${JSON.stringify(one)}`);
	});
}

interface Rectangle {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** How much space a node takes on the canvas, with its name and subtitle below it. */
const NODE = { width: 96, height: 144 };
/** An agent is wider, for the nodes that hang on it. */
const AGENT_WIDTH = 240;

function rectangleOf({ name, type, position: [left, top], parameters }: INode): Rectangle {
	const isNote = type === STICKY_NOTE;
	const width = isNote
		? Number(parameters.width)
		: type.endsWith('.agent')
			? AGENT_WIDTH
			: NODE.width;
	const height = isNote ? Number(parameters.height) : NODE.height;
	return { name, left, top, right: left + width, bottom: top + height };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe.each(files)('the example $key', ({ text, workflow }) => {
	const names = realNodes(workflow).map(({ name }) => name);

	it('has only the keys of an import, and nothing about its author', () => {
		expect(Object.keys(workflow).sort()).toEqual([
			'connections',
			'name',
			'nodes',
			'pinData',
			'settings',
		]);
		expect(workflow.settings).toEqual({ executionOrder: 'v1' });
		const keys = keysOf(workflow);
		expect(PERSONAL.filter((key) => keys.includes(key))).toEqual([]);
		expect(SECRETS.exec(text)).toBeNull();
		const ids = workflow.nodes.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('calls documented hosts only', () => {
		const hosts = [...text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host]) => host);
		expect(hosts.filter((host) => !HOSTS.includes(host ?? ''))).toEqual([]);
	});

	it('has one sticky note, which names existing nodes', () => {
		const notes = stickyNotes(workflow);
		expect(notes).toHaveLength(1);
		const content = notes[0]?.parameters.content as string;
		expect(content).toMatch(/^## \S/);
		const bold = [...content.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words]) => words ?? '');
		// "**Run it** with …", "**Before the first run:** …" and their like lead the paragraphs.
		const leads = content.split('\n\n').map((one) => /^\*\*([^*]+)\*\*/.exec(one)?.[1]);
		const named = bold.filter((words) => !leads.includes(words));
		expect(named.length).toBeGreaterThan(0);
		expect(named.filter((name) => !names.includes(name))).toEqual([]);
		expect(content).toMatch(/cost|without spending money/);
	});

	it('has nodes with different names, all connected', () => {
		expect(new Set(names).size).toBe(names.length);
		const targets = names.flatMap((name) => targetsOf(workflow, name));
		expect(targets.filter((name) => !names.includes(name))).toEqual([]);
		expect(Object.keys(workflow.connections).filter((name) => !names.includes(name))).toEqual([]);
		const alone = names.filter(
			(name) => targetsOf(workflow, name).length === 0 && !targets.includes(name),
		);
		expect(alone).toEqual([]);
	});

	it('pins only data that its trigger outputs', () => {
		const targets = names.flatMap((name) => targetsOf(workflow, name));
		const pinned = Object.keys(workflow.pinData);
		expect(pinned.filter((name) => !names.includes(name) || targets.includes(name))).toEqual([]);
	});

	it('does not place nodes on top of each other', () => {
		const rectangles = workflow.nodes.map(rectangleOf);
		const overlaps = rectangles.flatMap((a, index) =>
			rectangles.slice(index + 1).flatMap((b) => (overlap(a, b) ? [[a.name, b.name]] : [])),
		);
		expect(overlaps).toEqual([]);
	});

	it('uses a node or the credential of this package', () => {
		const uses = ({ type, parameters }: INode): boolean =>
			type.startsWith('n8n-nodes-runflow.') || parameters.nodeCredentialType === 'runflowApi';
		expect(workflow.nodes.some(uses)).toBe(true);
	});

	it('has only parameters and values that the nodes of this package have', () => {
		const ours = workflow.nodes.filter(({ type }) => type.startsWith('n8n-nodes-runflow.'));
		for (const node of ours) {
			const description = OURS[node.type];
			if (description === undefined) throw new Error(`There is no node ${node.type}.`);
			expect([description.version].flat()).toContain(node.typeVersion);
			const given = Object.fromEntries(
				Object.entries(node.parameters).filter(
					([key]) => !(node.type.endsWith('Tool') && TOOL_PARAMETERS.includes(key)),
				),
			);
			// n8n keeps the parameters that exist and are shown with the others as they are.
			const { properties } = description;
			const kept = NodeHelpers.getNodeParameters(properties, given, true, false, node, description);
			expect(kept).toMatchObject(given);
			// Each resource has an operation parameter of its own.
			const shown = properties.filter((one) =>
				NodeHelpers.displayParameter(kept ?? {}, one, node, description),
			);
			expect(wrongChoices(shown, given)).toEqual([]);
		}
	});
});

describe('examples/README.md', () => {
	it('lists exactly the existing examples', () => {
		const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
		const listed = [...readme.matchAll(/\]\(([a-z-]+\.json)\)/g)].map(([, file]) => file ?? '');
		expect(listed.sort()).toEqual(files.map(({ key }) => `${key}.json`).sort());
	});
});
