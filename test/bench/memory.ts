import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import { forgetBinaryData, keepBinaryData, storeFile, type TestFile } from '../engine/binaryData';
import { createEngine, type Engine } from '../engine/engine';
import { AFTER, binary, sources, wanWorkflow } from '../engine/workflows';
import { startSandboxProcess } from './sandboxProcess';

const MIB = 1024 * 1024;
const FILE_MIB = 50;
const SAMPLE_EVERY_MS = 10;
/** How often each is measured; the highest is printed. */
const ROUNDS = 3;

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

/** The highest memory during some work, above what it was before, in MiB. */
async function peakOf(work: () => Promise<void>): Promise<number> {
	const idle = await settle();
	let peak = idle;
	const timer = setInterval(() => {
		peak = Math.max(peak, rss());
	}, SAMPLE_EVERY_MS);
	await work();
	clearInterval(timer);
	return Math.max(peak, rss()) - idle;
}

async function edit(engine: Engine, file: TestFile, download: boolean): Promise<void> {
	const workflow = wanWorkflow(
		{
			operation: 'proEdit',
			prompt: 'Make it blue',
			images: sources(binary('data')),
			numberOfImages: download ? 4 : 1,
			downloadOutputs: download,
		},
		[{}],
		{},
		[{ data: file }],
	);
	const outcome = await engine.run(workflow);
	const [item] = outcome.items(AFTER);
	const sizes = Object.values(item?.binary ?? {}).map(({ bytes: size }) => size);
	const expected = download ? Array(4).fill(FILE_MIB * MIB) : [];
	if (item?.json.status !== 'succeeded' || String(sizes) !== String(expected)) {
		throw new Error(`Not as expected: ${outcome.error?.message ?? JSON.stringify(item)}`);
	}
}

/**
 * How much memory n8n's engine takes above idle while the node uploads a file of 50 MiB, and while it
 * downloads four of them, with binary data kept as files. The sandbox runs in a process of its own.
 */
async function main(): Promise<void> {
	if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc');
	await keepBinaryData('filesystem');
	const rows: object[] = [];
	for (const [what, outputBytes] of [
		['1 input of 50 MiB', null],
		['4 outputs of 50 MiB', FILE_MIB * MIB],
	] as const) {
		const sandbox = await startSandboxProcess({ runDurationMs: 0, outputBytes });
		const { url: baseUrl, apiKey } = sandbox;
		const engine = await createEngine({
			runflowApi: { apiKey, baseUrl, organizationId: '', callbackSecrets: '' },
		});
		const stored = async (mib: number): Promise<TestFile> => ({
			base64: '',
			mimeType: 'image/png',
			fileName: 'photo.png',
			noted: { ...(await storeFile(bytes(mib), 'image/png')) },
		});
		const download = outputBytes !== null;
		// The first one loads what is loaded once.
		await edit(engine, await stored(0.0625), false);
		const peaks: number[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const file = await stored(download ? 0.0625 : FILE_MIB);
			const work = async () => {
				await edit(engine, file, download);
			};
			peaks.push(await peakOf(work));
		}
		const { uploadedBytes } = await sandbox.report();
		if (!download && uploadedBytes < ROUNDS * FILE_MIB * MIB) {
			throw new Error(`Only ${uploadedBytes} bytes were uploaded`);
		}
		rows.push({ what, 'peak above idle (MiB)': Math.max(...peaks).toFixed(1), rounds: ROUNDS });
		await sandbox.close();
	}
	forgetBinaryData();
	console.table(rows);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
