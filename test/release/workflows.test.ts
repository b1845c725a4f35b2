import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { ROOT } from '../repositoryFiles';
import { readManifest } from './manifest';
import { readWorkflow, type Job, type Permissions } from './workflow';

const FOLDER = join(ROOT, '.github/workflows');
const FILES = readdirSync(FOLDER);
const workflows = Object.fromEntries(FILES.map((file) => [file, readWorkflow(join(FOLDER, file))]));
const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
	Object.entries(workflow.jobs).map(([key, job]) => ({
		name: `${file} ${key}`,
		job,
		permissions: job.permissions ?? workflow.permissions,
	})),
);
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })));

function job(name: string): Job {
	const found = jobs.find((each) => each.name === name);
	if (!found) throw new Error(`There is no job ${name}.`);
	return found.job;
}

function commands({ steps: all }: Job): string[] {
	return all.flatMap(({ run }) => run ?? []);
}

const permissionsOf: Record<string, Permissions | undefined> = Object.fromEntries(
	jobs.map(({ name, permissions }) => [name, permissions]),
);

it('there are two workflows', () => {
	expect(FILES.sort()).toEqual(['ci.yml', 'publish.yml']);
});

describe('every action', () => {
	const PINNED = /^actions\/[a-z-]+@[0-9a-f]{40}$/;
	const uses = FILES.flatMap((file) =>
		readFileSync(join(FOLDER, file), 'utf8')
			.split('\n')
			.filter((line) => /^\s*(- )?uses:/.test(line)),
	);

	it("is GitHub's own, pinned by its commit", () => {
		const named = steps.flatMap(({ step }) => step.uses ?? []);
		expect(named.length).toBe(uses.length);
		expect(named.filter((action) => !PINNED.test(action))).toEqual([]);
	});

	it('says beside the commit which version that is, the same everywhere', () => {
		const versions = uses.map((line) => /uses: (\S+) # (v\d+\.\d+\.\d+)$/.exec(line)?.slice(1));
		expect(versions.filter((found) => found === undefined)).toEqual([]);
		const distinct = new Set(versions.map((found) => found?.join(' ')));
		const actions = new Set(versions.map((found) => found?.[0]?.split('@')[0]));
		expect(distinct.size).toBe(actions.size);
	});

	it('that checks out leaves no token behind', () => {
		const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
		expect(checkouts.length).toBeGreaterThan(0);
		for (const { step } of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
	});
});

describe('permissions', () => {
	it('are the least', () => {
		expect(permissionsOf).toEqual({
			'ci.yml test': { contents: 'read' },
			'ci.yml rules': { contents: 'read' },
			'ci.yml oldest': { contents: 'read' },
			'ci.yml app': { contents: 'read' },
			'publish.yml pack': { contents: 'read' },
			'publish.yml publish': { contents: 'read', 'id-token': 'write' },
			'publish.yml announce': { contents: 'write' },
		});
		expect(workflows['ci.yml']?.permissions).toEqual({ contents: 'read' });
		expect(workflows['publish.yml']?.permissions).toEqual({});
	});

	it('that write are never given to code of this repository or of its dependencies', () => {
		const writing = jobs.filter(({ permissions }) =>
			Object.values(permissions ?? {}).includes('write'),
		);
		expect(writing).toHaveLength(2);
		for (const each of writing) {
			const all = commands(each.job).join('\n');
			expect(all).not.toMatch(/npm (ci|install|test|run|exec)|npx|node |tsx|bash |\.sh/);
			expect(each.job.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
		}
	});

	it('come without any secret but the token of the run', () => {
		const texts = FILES.map((file) => readFileSync(join(FOLDER, file), 'utf8'));
		expect(texts.filter((text) => /secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/.test(text))).toEqual([]);
		expect(texts.join('').match(/github\.token/g)).toHaveLength(1);
	});
});

describe('every job', () => {
	it.each(jobs)('$name has a time limit, on a system of one version', ({ job: each }) => {
		expect(each['timeout-minutes']).toBeGreaterThan(0);
		expect(each['timeout-minutes']).toBeLessThanOrEqual(90);
		expect(each['runs-on']).toBe('ubuntu-24.04');
	});

	it('names scripts that exist', () => {
		const { scripts } = readManifest(ROOT);
		const named = steps.flatMap(({ step }) =>
			[...(step.run ?? '').matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, name]) => String(name)),
		);
		const npmOwn = ['ci', 'publish'];
		expect(named.length).toBeGreaterThan(5);
		expect(named.filter((name) => !(name in scripts) && !npmOwn.includes(name))).toEqual([]);
	});

	it('puts no foreign text into a command', () => {
		const runs = steps.flatMap(({ step }) => step.run ?? []);
		expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
	});
});

describe('CI', () => {
	const { on, concurrency } = workflows['ci.yml'] ?? {};

	it('runs for main and for pull requests, where a new push replaces the old run', () => {
		expect(on).toEqual({ push: { branches: ['main'] }, pull_request: null });
		expect(concurrency?.['cancel-in-progress']).toBe("${{ github.event_name == 'pull_request' }}");
	});

	it('tests the package on the oldest Node that it supports and on those that n8n runs on', () => {
		expect(job('ci.yml test').strategy?.matrix.node).toEqual(['20.19', '22', '24']);
		const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
			engines: { node: string };
		};
		expect(engines.node).toBe('>=20.19');
		expect(commands(job('ci.yml test'))).toEqual(['npm ci', 'npm test']);
	});

	it('has jobs for the rules, the oldest n8n and the app', () => {
		const others = Object.entries(workflows['ci.yml']?.jobs ?? {}).filter(
			([key]) => key !== 'test',
		);
		expect(Object.fromEntries(others.map(([key, each]) => [key, commands(each)]))).toEqual({
			rules: ['npm ci', 'npm run lint', 'npm run lint:gate', 'npm run attack:mutation -- --share'],
			oldest: ['npm ci', 'npm run test:oldest'],
			app: ['npm ci', 'npm run test:app'],
		});
	});

	it('gives the tests of the app a browser that is there already', () => {
		expect(job('ci.yml app').env).toEqual({ CHROMIUM_PATH: '/usr/bin/google-chrome' });
	});
});

describe('publishing', () => {
	const pack = job('publish.yml pack');
	const publish = job('publish.yml publish');
	const announce = job('publish.yml announce');

	it('starts only by a tag, one at a time', () => {
		expect(workflows['publish.yml']?.on).toEqual({ push: { tags: ['v*'] } });
		expect(workflows['publish.yml']?.concurrency).toEqual({
			group: 'publish',
			'cancel-in-progress': false,
		});
	});

	it('checks tag, changelog and what only the owner can set before anything else, then all tests', () => {
		expect(commands(pack)).toEqual([
			'npm ci',
			'npm run release check "$GITHUB_REF_NAME"',
			'npm test',
			'npm run lint',
			'npm run lint:gate',
			'npm run release pack "$GITHUB_REF_NAME" "$RUNNER_TEMP/release"',
		]);
	});

	it('publishes with provenance the very file that was checked', () => {
		expect(publish.needs).toBe('pack');
		expect(publish.environment).toBe('npm');
		expect(commands(publish)).toEqual([
			'sha256sum --check --strict SHA256SUMS',
			'npm publish ./*.tgz --provenance --access public',
		]);
		expect(handedOver(pack)).toEqual([['release', '${{ runner.temp }}/release']]);
		expect(handedOver(publish)).toEqual(handedOver(pack));
		expect(handedOver(announce)).toEqual(handedOver(pack));
	});

	it('takes nothing from a cache that another run may have filled', () => {
		const nodes = [...pack.steps, ...publish.steps].filter(({ uses }) =>
			uses?.startsWith('actions/setup-node@'),
		);
		expect(nodes.map((step) => step.with)).toEqual([
			{ 'node-version': '24', 'package-manager-cache': false },
			{ 'node-version': '24', 'package-manager-cache': false },
		]);
	});

	it('announces the npm release with the text of the changelog', () => {
		expect(announce.needs).toBe('publish');
		expect(commands(announce)).toEqual([
			'gh release create "$GITHUB_REF_NAME" ./*.tgz SHA256SUMS --repo "$GITHUB_REPOSITORY" --verify-tag --title "$GITHUB_REF_NAME" --notes-file notes.md',
		]);
	});
});

/** The name and the folder of an artifact that a job uploads or downloads. */
function handedOver({ steps: all }: Job): unknown[] {
	return all
		.filter(({ uses }) => /^actions\/(up|down)load-artifact@/.test(uses ?? ''))
		.map((step) => [step.with?.name, step.with?.path]);
}

describe('Dependabot', () => {
	it('watches the actions, the package and the newest n8n; the oldest ones stay as they are', () => {
		const { updates } = parse(readFileSync(join(ROOT, '.github/dependabot.yml'), 'utf8')) as {
			updates: { 'package-ecosystem': string; directory: string }[];
		};
		expect(updates.map((each) => [each['package-ecosystem'], each.directory])).toEqual([
			['github-actions', '/'],
			['npm', '/'],
			['npm', '/test/n8n/app'],
		]);
		for (const { directory } of updates) {
			expect(existsSync(join(ROOT, directory, 'package.json'))).toBe(true);
		}
	});
});
