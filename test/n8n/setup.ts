import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
	findCredential,
	saveCredential,
	type RunflowCredential,
	type StoredCredential,
} from './credentials';
import { readExamples, type Example } from './examples';
import type { Session } from './session';
import {
	createWorkflow,
	readWorkflow,
	updateWorkflow,
	withCredential,
	type StoredWorkflow,
} from './workflows';

/** What an earlier start put into n8n, so that the next one does not put it there again. */
interface Ledger {
	credential?: {
		/** Hash of what was put there. */
		content: string;
		/** When that was, by n8n's clock: any other time is a change by the user. */
		updatedAt: string;
	};
	/** By the example's key. */
	workflows: Record<string, LedgerEntry>;
}

interface LedgerEntry {
	id: string;
	/** The version that was put there: any other is the user's own. */
	versionId: string;
	/** Hash of the example's file. */
	file: string;
}

/** What n8n was set up with. */
export interface Setup {
	credential: StoredCredential;
	/** By the example's key. */
	workflows: Record<string, StoredWorkflow>;
}

/** Where n8n lets its nodes write files by default, under its home folder. n8n does not make it itself. */
export const FILES_FOLDER = '.n8n-files';

const CREDENTIAL_NAME = 'Runflow sandbox';

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

async function readLedger(file: string): Promise<Ledger> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Ledger;
	} catch {
		return { workflows: {} }; // the first start
	}
}

/** The credential: created when missing, brought up to date unless the user has changed it. */
async function ensureCredential(
	session: Session,
	data: RunflowCredential,
	ledger: Ledger,
): Promise<StoredCredential> {
	const content = hash(JSON.stringify(data));
	const existing = await findCredential(session, CREDENTIAL_NAME);
	if (existing && ledger.credential) {
		const isTheUsers = existing.updatedAt !== ledger.credential.updatedAt;
		if (isTheUsers || ledger.credential.content === content) return existing;
	}
	const saved = await saveCredential(session, CREDENTIAL_NAME, data);
	ledger.credential = { content, updatedAt: saved.updatedAt };
	return saved;
}

/** The example's workflow: created when missing, brought up to date unless the user has changed it. */
async function ensureWorkflow(
	session: Session,
	{ text, workflow: example }: Example,
	credential: StoredCredential,
	known: LedgerEntry | undefined,
): Promise<{ workflow: StoredWorkflow; entry: LedgerEntry }> {
	const file = hash(text);
	const existing = known && (await readWorkflow(session, known.id));
	if (existing && (existing.versionId !== known.versionId || known.file === file)) {
		return { workflow: existing, entry: known };
	}
	const content = withCredential(example, credential);
	const workflow = existing
		? await updateWorkflow(session, existing, content)
		: await createWorkflow(session, content);
	return { workflow, entry: { id: workflow.id, versionId: workflow.versionId, file } };
}

/**
 * Puts the credential and the example workflows into n8n, and makes the folder that they save files in. What an earlier call put there is used again,
 * and what the user has changed since is left alone.
 */
export async function setUp(
	session: Session,
	userFolder: string,
	credentialData: RunflowCredential,
): Promise<Setup> {
	await mkdir(path.join(userFolder, FILES_FOLDER), { recursive: true });
	const file = path.join(userFolder, 'setup.json');
	const ledger = await readLedger(file);
	const credential = await ensureCredential(session, credentialData, ledger);
	const workflows: Record<string, StoredWorkflow> = {};
	for (const example of await readExamples(credentialData.baseUrl)) {
		const known = ledger.workflows[example.key];
		const { workflow, entry } = await ensureWorkflow(session, example, credential, known);
		workflows[example.key] = workflow;
		ledger.workflows[example.key] = entry;
	}
	await writeFile(file, JSON.stringify(ledger, null, 2));
	return { credential, workflows };
}
