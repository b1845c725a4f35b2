import './environment';

import { BinaryDataConfig, BinaryDataService, FileLocation } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { requireOfN8n } from './requireOfN8n';

/** A file in a binary field of an item, as plain JSON so that a workflow can hold it. */
export interface TestFile {
	base64: string;
	mimeType: string;
	fileName?: string;
	/** Laid over what n8n notes of the file, such as an older version's lack of `bytes`. */
	noted?: { [Key in keyof IBinaryData]?: IBinaryData[Key] | null };
}

/** The files of one item by binary field. */
export type TestFiles = Record<string, TestFile>;

/** Where n8n keeps binary data: base64 in the item itself, or as files beside the database. */
export type BinaryMode = 'default' | 'filesystem';

interface Container {
	get<Service>(type: new (...args: never[]) => Service): Service;
}

const { Container: container } = requireOfN8n('@n8n/di') as { Container: Container };

const folders: string[] = [];

/** Sets n8n's binary data up as the app does at its start. It holds for the whole process. */
export async function keepBinaryData(mode: BinaryMode): Promise<void> {
	const config = container.get(BinaryDataConfig);
	config.mode = mode;
	config.localStoragePath = mkdtempSync(join(tmpdir(), 'runflow-binary-'));
	folders.push(config.localStoragePath);
	await container.get(BinaryDataService).init();
}

/** Removes the files that were kept. */
export function forgetBinaryData(): void {
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/**
 * Keeps a file where n8n keeps binary data.
 * @returns what to lay over a {@link TestFile} that stands for it
 */
export async function storeFile(content: Readable, mimeType: string): Promise<TestFile['noted']> {
	const location = FileLocation.ofExecution('workflow-1', 'stored');
	const data: IBinaryData = { data: '', mimeType };
	const stored = await container.get(BinaryDataService).store(location, content, data);
	const { id, fileSize, bytes } = stored;
	return { id: id ?? null, data: stored.data, fileSize: fileSize ?? null, bytes: bytes ?? null };
}

/** The bytes of a binary field, wherever n8n keeps them. */
export async function bytesOf(data: IBinaryData | undefined): Promise<Buffer> {
	if (data === undefined) throw new Error('The item has no such binary field');
	return await container.get(BinaryDataService).getAsBuffer(data);
}

/** The files that n8n opens meanwhile. */
export async function filesOpenedBy(run: () => Promise<unknown>): Promise<Readable[]> {
	const opened: Readable[] = [];
	const service = container.get(BinaryDataService);
	const open = service.getAsStream.bind(service);
	service.getAsStream = async (...asked) => {
		const file = await open(...asked);
		opened.push(file);
		return file;
	};
	try {
		await run();
	} finally {
		service.getAsStream = open;
	}
	return opened;
}
