import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { environmentOfAUser } from '../environmentOfAUser';
import { formatDuration } from '../n8n/progress';
import type { Step, Workflow } from './workflow';

export interface LocalRun {
	/** For workspaces, artifacts and the stand-in of `gh`; the caller removes it. */
	folder: string;
	tag: string;
	/** As GitHub would name it: `owner/name`. */
	repository: string;
	say: (line: string) => void;
	/** Commands that are left out, word by word. */
	leftOut: string[];
	/** Fills a job's empty workspace with the tagged commit. */
	checkOut: (workspace: string) => void;
}

/** Where one job works. */
interface Place {
	workspace: string;
	temp: string;
	/** What jobs hand over, one folder a name. */
	artifacts: string;
	env: NodeJS.ProcessEnv;
}

/** Stands on PATH before the real one: prints its arguments, and that the files it was given are there. */
const GH = `#!/usr/bin/env bash
for argument in "$@"; do
	case "$argument" in *.tgz | *.md | SHA256SUMS) [ -s "$argument" ] || { echo "no $argument" >&2; exit 1; } ;; esac
done
printf 'would run: gh'; printf ' %q' "$@"; echo
`;

function placeOf(name: string, { folder, tag, repository }: LocalRun): Place {
	const workspace = join(folder, name, 'workspace');
	const temp = join(folder, name, 'temp');
	const artifacts = join(folder, 'artifacts');
	const bin = join(folder, 'bin');
	for (const made of [workspace, temp, artifacts, bin]) mkdirSync(made, { recursive: true });
	writeFileSync(join(bin, 'gh'), GH);
	chmodSync(join(bin, 'gh'), 0o755);
	const env = {
		...environmentOfAUser(),
		PATH: [bin, process.env.PATH ?? ''].join(delimiter),
		CI: 'true',
		GITHUB_REF_NAME: tag,
		GITHUB_REPOSITORY: repository,
		RUNNER_TEMP: temp,
	};
	return { workspace, temp, artifacts, env };
}

/** Puts in what GitHub would: the only expressions in paths are those of the runner's temporary folder. */
function resolvePath(path: string, place: Place): string {
	const resolved = path.replaceAll('${{ runner.temp }}', place.temp);
	if (resolved.includes('${{')) throw new Error(`The dry run cannot work out ${path}`);
	return resolved;
}

function runAction(step: Step, action: string, place: Place, run: LocalRun): string {
	const stored = join(place.artifacts, String(step.with?.name));
	const path = () => resolvePath(String(step.with?.path), place);
	switch (action) {
		case 'actions/checkout':
			run.checkOut(place.workspace);
			return 'the clean clone';
		case 'actions/setup-node':
			return `the workflow asks for Node ${String(step.with?.['node-version'])}; this is ${process.versions.node}`;
		case 'actions/upload-artifact':
			cpSync(path(), stored, { recursive: true });
			return 'handed over';
		case 'actions/download-artifact':
			cpSync(stored, path(), { recursive: true });
			return 'taken over';
		default:
			throw new Error(`The dry run does not know ${action}.`);
	}
}

function runCommands(step: Step, commands: string, place: Place): void {
	const cwd = resolvePath(step['working-directory'] ?? place.workspace, place);
	// Only where something would be uploaded: elsewhere `npm pack` and `npm ci` would do nothing either.
	const dry = commands.includes('npm publish') ? { npm_config_dry_run: 'true' } : {};
	const { status } = spawnSync('bash', ['-eo', 'pipefail', '-c', commands], {
		cwd,
		env: { ...place.env, ...dry },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	if (status !== 0) throw new Error(`This step failed: ${commands.trim()}`);
}

/** Out: whether the step was run. */
function runStep(step: Step, place: Place, run: LocalRun): boolean {
	const started = Date.now();
	if (step.run !== undefined) {
		if (run.leftOut.includes(step.run)) {
			run.say(`\n-- ${step.run}: left out`);
			return false;
		}
		run.say(`\n-- ${step.run.trim()}`);
		runCommands(step, step.run, place);
		run.say(`-- done in ${formatDuration(Date.now() - started)}`);
		return true;
	}
	if (step.uses === undefined) throw new Error('A step neither runs commands nor uses an action.');
	const action = step.uses.replace(/@.*/, '');
	run.say(`-- ${action}: ${runAction(step, action, place, run)}`);
	return true;
}

/**
 * In: a workflow whose jobs are written in the order in which they need each other, and what to run it with. Runs every
 * step of every job here, each job in its own workspace as on GitHub. Nothing leaves the machine but what npm asks its
 * registry. Out: for each step whether it was run. Throws at the first that fails, and at an action or expression that it
 * does not know.
 */
export function runJobs(workflow: Workflow, run: LocalRun): boolean[] {
	return Object.entries(workflow.jobs).flatMap(([key, job]) => {
		run.say(`\n== ${job.name}`);
		const place = placeOf(key, run);
		return job.steps.map((step) => runStep(step, place, run));
	});
}
