import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import type { IBinaryData } from 'n8n-workflow';

import {
	forgetBinaryData,
	keepBinaryData,
	storeFile,
	type BinaryMode,
	type TestFile,
} from '../../engine/binaryData';
import { createEngine, type Engine } from '../../engine/engine';
import { AFTER, binary, sources, wanWorkflow } from '../../engine/workflows';
import { kept, median, shown } from '../figures';
import type { Measured } from '../part';
import { startSandboxProcess } from '../sandboxProcess';

const MIB = 1024 * 1024;
const FILE_MIB = 50;
const SAMPLE_EVERY_MS = 10;
function rss(): number {
	return process.memoryUsage.rss() / MIB;
}

/** A file of so many MiB that is never in memory as a whole. */
function bytes(mib: number): Readable {
	const chunk = Buffer.alloc(64 * 1024, 1);
	return Readable.from(
		(function* () {
			for (let sent = 0; sent < mib * MIB; sent += chunk.length) yield chunk;
		})(),
	);
}

async function settle(): Promise<number> {
	for (let round = 0; round < 5; round++) {
		globalThis.gc?.();
		await wait(100);
	}
	return rss();
}

/** The least that the process has settled at, in MiB. What it grew by once, it need not grow by again. */
let idle = Infinity;

/** The highest memory during some work, above idle, in MiB. */
async function peakOf(work: () => Promise<void>): Promise<number> {
	idle = Math.min(idle, await settle());
	let peak = idle;
	const timer = setInterval(() => {
		peak = Math.max(peak, rss());
	}, SAMPLE_EVERY_MS);
	await work();
	clearInterval(timer);
	return Math.max(peak, rss()) - idle;
}

/** What is measured: so many items at once, each with a file in, or with four files out. */
interface Load {
	way: 'in' | 'out';
	items: number;
	/** Files for each item. */
	files: number;
	mode: BinaryMode;
}

/**
 * In memory n8n keeps files as base64 within the execution, whose data is one text when it is stored: four files of
 * 50 MiB are more than a text can hold.
 */
const LOADS: readonly Load[] = [
	{ way: 'in', items: 1, files: 1, mode: 'filesystem' },
	{ way: 'out', items: 1, files: 4, mode: 'filesystem' },
	{ way: 'in', items: 10, files: 1, mode: 'filesystem' },
	{ way: 'out', items: 10, files: 4, mode: 'filesystem' },
	{ way: 'in', items: 1, files: 1, mode: 'default' },
	{ way: 'out', items: 1, files: 1, mode: 'default' },
];

/**
 * How much memory n8n's engine takes above idle while the node uploads files of 50 MiB, and while it
 * downloads four of them for each item. The sandbox runs in a separate process.
 */
export async function measure(rounds = 3): Promise<Measured> {
	if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc');
	const measured: Measured = { ranOn: 'n8n-core', rounds, rows: [], raw: {} };
	for (const load of LOADS) {
		const peaks = await peaksOf(load, rounds);
		const { way, items, mode } = load;
		const files = `${load.files === 1 ? '' : `${load.files} × `}${FILE_MIB} MiB ${way}`;
		const what = `${items === 1 ? '' : `${items} items at once, each `}${files}, binary data ${mode === 'default' ? 'in memory' : 'as files'}`;
		measured.rows.push({
			what,
			value: kept(median(peaks)),
			unit: 'MiB',
			...(mode === 'default' ? {} : { goal: { atMost: 64 } }),
			from: `peak above idle, highest round ${shown(Math.max(...peaks))} MiB`,
		});
		measured.raw[what] = { peakMiB: peaks.map(kept) };
	}
	return measured;
}

async function peaksOf(load: Load, rounds: number): Promise<number[]> {
	const { way, items, mode } = load;
	const sandbox = await startSandboxProcess({
		runDurationMs: 0,
		outputBytes: way === 'out' ? FILE_MIB * MIB : null,
	});
	try {
		const { url: baseUrl, apiKey } = sandbox;
		const engine = await createEngine({
			runflowApi: { apiKey, baseUrl, organizationId: '', callbackSecrets: '' },
		});
		const peaks: number[] = [];
		for (let index = 0; index < rounds; index++) {
			await keepBinaryData(mode);
			const inputMib = way === 'in' ? FILE_MIB : 0.0625;
			const files = await Promise.all(
				Array.from({ length: items }, async () => await stored(inputMib)),
			);
			const peak = await peakOf(async () => {
				await edit(engine, files, load);
			});
			peaks.push(peak);
			forgetBinaryData();
		}
		const { uploadedBytes } = await sandbox.report();
		if (way === 'in' && uploadedBytes < rounds * items * FILE_MIB * MIB) {
			throw new Error(`Only ${uploadedBytes} bytes were uploaded`);
		}
		return peaks;
	} finally {
		await sandbox.close();
	}
}

/** A file that n8n keeps already. */
async function stored(mib: number): Promise<TestFile> {
	const noted = await storeFile(bytes(mib), 'image/png');
	return { base64: '', mimeType: 'image/png', fileName: 'photo.png', noted: { ...noted } };
}

async function edit(
	engine: Engine,
	files: TestFile[],
	{ way, files: outputs }: Load,
): Promise<void> {
	const workflow = wanWorkflow(
		{
			operation: 'proEdit',
			prompt: 'Make it blue',
			images: sources(binary('data')),
			numberOfImages: outputs,
			downloadOutputs: way === 'out',
		},
		files.map(() => ({})),
		{},
		files.map((data) => ({ data })),
	);
	const outcome = await engine.run(workflow);
	const items = outcome.items(AFTER);
	const expected = way === 'out' ? outputs : 0;
	for (const { json, binary: fields = {} } of items) {
		const whole = Object.values(fields).filter((field) => sizeOf(field) === FILE_MIB * MIB);
		if (json.status !== 'succeeded' || whole.length !== expected) {
			throw new Error(`Not as expected: ${JSON.stringify(json)}`);
		}
	}
	if (items.length !== files.length) throw new Error(outcome.error?.message ?? 'No items came');
}

function sizeOf({ id, data, bytes: size }: IBinaryData): number {
	return id === undefined ? Buffer.byteLength(data, 'base64') : (size ?? 0);
}
