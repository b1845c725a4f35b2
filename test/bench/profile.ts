import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { REPOSITORY } from '../n8n/folders';

/** A time in which the event loop did nothing else, in milliseconds by process.hrtime. */
export interface Block {
	from: number;
	to: number;
}

/** What one function took within a block, without the functions that it called. */
export interface Cost {
	name: string;
	/** A source of this package, a file of a dependency, or a module of Node.js. */
	file: string;
	/** Milliseconds. */
	self: number;
	/** What of that was with a function of this package on the stack, in milliseconds. */
	own: number;
}

/** The block in which this package's own code took the longest. */
export interface OwnBlock {
	/** How long that code took, in milliseconds: all that ran with a function of ours on the stack. */
	own: number;
	/** The functions that took the most of that, the most expensive first. */
	functions: Cost[];
}

/** Where this package's own code lies. */
const OWN = path.join(REPOSITORY, 'dist') + path.sep;

/**
 * Finds, of some blocks of the event loop, the one in which code of ours took the longest.
 * @param top how many functions to name
 */
export function ownBlock(
	profile: Profiler.Profile,
	blocks: readonly Block[],
	top: number,
): OwnBlock {
	const own = ownNodes(profile.nodes);
	const each = samplesWithin(profile, blocks);
	const took = each.map((samples) => sum(samples.filter(({ node }) => own.has(node))));
	const longest = Math.max(0, ...took);
	const samples = longest === 0 ? [] : (each[took.indexOf(longest)] ?? []);
	return { own: longest, functions: costs(profile.nodes, samples, own).slice(0, top) };
}

interface Sample {
	/** The id of the node of the profile that was on top of the stack. */
	node: number;
	/** Milliseconds. */
	passed: number;
}

function sum(samples: readonly Sample[]): number {
	return samples.reduce((all, { passed }) => all + passed, 0);
}

/** The samples of each block. */
function samplesWithin(
	{ samples = [], timeDeltas = [], startTime }: Profiler.Profile,
	blocks: readonly Block[],
): Sample[][] {
	const within: Sample[][] = blocks.map(() => []);
	let at = startTime / 1000;
	let block = 0;
	for (const [index, node] of samples.entries()) {
		const passed = (timeDeltas[index] ?? 0) / 1000;
		at += passed;
		while ((blocks[block]?.to ?? Infinity) < at) block++;
		if (at >= (blocks[block]?.from ?? Infinity)) within[block]?.push({ node, passed });
	}
	return within;
}

/** What each function took that had code of ours on the stack, or was such, the most expensive first. */
function costs(
	nodes: readonly Profiler.ProfileNode[],
	samples: readonly Sample[],
	own: ReadonlySet<number>,
): Cost[] {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const all = new Map<string, Cost>();
	const source = sources();
	for (const { node, passed } of samples) {
		const frame = byId.get(node)?.callFrame;
		if (frame === undefined) continue;
		const file = fileOf(frame, source);
		const name = frame.functionName || '(anonymous)';
		const key = `${file} ${name} ${frame.lineNumber}`;
		const cost = all.get(key) ?? { name, file, self: 0, own: 0 };
		cost.self += passed;
		if (own.has(node)) cost.own += passed;
		all.set(key, cost);
	}
	return [...all.values()].filter((cost) => cost.own > 0).sort((a, b) => b.own - a.own);
}

/** Which file a function is of, as people know it. */
function fileOf({ url, lineNumber }: Profiler.ProfileNode['callFrame'], source: Source): string {
	const file = url.startsWith('file://') ? fileURLToPath(url) : url;
	if (file.startsWith(OWN)) return source(lineNumber) ?? path.relative(REPOSITORY, file);
	const [, dependency] = /.*node_modules\/(.+)$/.exec(file) ?? [];
	if (dependency !== undefined) return dependency;
	if (file === '') return 'Node.js';
	return file.startsWith(REPOSITORY) ? path.relative(REPOSITORY, file) : file;
}

/** The source that a line (counted from 0) of dist/index.js was made from. */
type Source = (line: number) => string | undefined;

/** The built package is one file, each piece below the name of its source. */
function sources(): Source {
	const lines = readFileSync(path.join(OWN, 'index.js'), 'utf8').split('\n');
	return (line) =>
		lines
			.slice(0, line + 1)
			.reverse()
			.find((text) => /^\/\/ (?:nodes|credentials)\//.test(text))
			?.slice(3);
}

/** The ids of the nodes that have a function of ours on their way from the root. */
function ownNodes(nodes: readonly Profiler.ProfileNode[]): Set<number> {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const own = new Set<number>();
	const mark = (id: number): void => {
		own.add(id);
		for (const child of byId.get(id)?.children ?? []) if (!own.has(child)) mark(child);
	};
	for (const { id, callFrame } of nodes) {
		if (callFrame.url.includes(OWN) && !own.has(id)) mark(id);
	}
	return own;
}
