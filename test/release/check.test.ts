import { releaseProblems } from './check';
import { dropNotYet } from './notYet';
import { fillInStandIns, OWNER_SETTINGS } from './ownerSettings';
import { prepareRelease } from './prepare';
import { copyRepository, type RepositoryCopy } from './repositoryCopy';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Something new.

## [0.9.0] - 2026-01-31

### Fixed

- Something old.
`;

// npm itself sets the version.
jest.setTimeout(60_000);

let copy: RepositoryCopy;
/** With all that a release needs. */
let ready: RepositoryCopy;

beforeAll(() => {
	ready = copyRepository();
	ready.write('CHANGELOG.md', CHANGELOG);
	fillInStandIns(ready.root);
	dropNotYet(ready.root);
	prepareRelease(ready.root, '1.2.3', '2026-11-21');
});

beforeEach(() => {
	copy = copyRepository();
	copy.write('CHANGELOG.md', CHANGELOG);
});

afterEach(() => {
	copy.remove();
});

afterAll(() => {
	ready.remove();
});

/** Does all that a release needs. */
function makeReady(): void {
	copy.remove();
	copy = copyRepository(ready.root);
}

/** Puts the placeholders back, whether the repository still has them or not. */
function unset(): void {
	const manifest = JSON.parse(copy.read('package.json')) as Record<string, unknown>;
	const [address, mail] = OWNER_SETTINGS.map(({ placeholder }) => placeholder);
	manifest.repository = { type: 'git', url: `git+https://${String(address)}n8n-nodes-runflow.git` };
	manifest.author = { name: 'Somebody', email: mail };
	copy.write('package.json', JSON.stringify(manifest, null, 2));
}

describe('a commit that is ready', () => {
	it('may be published under the tag of its version', () => {
		makeReady();
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([]);
	});
});

describe('a commit is not published', () => {
	it('while the owner has not set what only the owner can', () => {
		makeReady();
		unset();
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([
			'Repository address: package.json still has github.com/OWNER/. Only the owner can set it: see docs/releasing.md.',
			'Author mail: package.json still has maintainers@n8n-nodes-runflow.invalid. Only the owner can set it: see docs/releasing.md.',
		]);
	});

	it('while the README says that it is not on npm, or was not tried', () => {
		makeReady();
		copy.write(
			'README.md',
			`${copy.read('README.md')}The package is not on\nnpm yet. It was not tried on the real Runflow yet.\n`,
		);
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([
			'README.md still says "The package is not on npm yet": see docs/releasing.md.',
			'README.md still says "was not tried on the real Runflow yet": see docs/releasing.md.',
		]);
	});

	it.each(['v1.2.4', '1.2.3-rc.1', 'foo', '0.0.5'])('as the version "%s"', (version) => {
		expect(() => {
			prepareRelease(copy.root, version, '2026-11-21');
		}).toThrow(/ is not of the form 1\.2\.3| is lower than the present version/);
		expect(copy.read('CHANGELOG.md')).toBe(CHANGELOG);
	});

	it.each(['1.2.3', 'v1.2', 'v1.2.3-rc.1', 'version-1.2.3', 'v1.2.3 '])(
		'under the tag "%s"',
		(tag) => {
			makeReady();
			expect(releaseProblems(copy.root, tag)).toContain(
				`The tag ${tag} is not of the form v1.2.3.`,
			);
		},
	);

	it('under the tag of another version', () => {
		makeReady();
		expect(releaseProblems(copy.root, 'v1.2.4')).toEqual([
			'The tag is v1.2.4, but package.json has the version 1.2.3.',
			'The tag is v1.2.4, but package-lock.json has the version 1.2.3.',
			'CHANGELOG.md has nothing under "## [1.2.4] - YYYY-MM-DD": run npm run release prepare 1.2.4.',
		]);
	});

	it.each([
		['without a section of the version', '## [1.2.3] - 2026-11-21', '## [1.2.2] - 2026-11-21'],
		['with a section that has no date', '## [1.2.3] - 2026-11-21', '## [1.2.3]'],
		['with an empty section', /### Added\n\n- Something new\.\n/, ''],
	])('with a changelog %s', (_, from, to) => {
		makeReady();
		copy.replace('CHANGELOG.md', from, to);
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([
			'CHANGELOG.md has nothing under "## [1.2.3] - YYYY-MM-DD": run npm run release prepare 1.2.3.',
		]);
	});

	it('with changes that the changelog calls unreleased', () => {
		makeReady();
		copy.replace('CHANGELOG.md', '## [Unreleased]\n', '## [Unreleased]\n\n- More.\n');
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([
			'CHANGELOG.md has changes under "## [Unreleased]": they belong to this version.',
		]);
	});

	it('with a page that names the tarball of another version', () => {
		makeReady();
		copy.write('docs/releasing.md', 'npm install ./n8n-nodes-runflow-1.2.2.tgz');
		expect(releaseProblems(copy.root, 'v1.2.3')).toEqual([
			'docs/releasing.md names n8n-nodes-runflow-1.2.2.tgz, but the version is 1.2.3.',
		]);
	});
});

describe('preparing a release', () => {
	it('gives every place the version, and the changelog a section of the day', () => {
		copy.write('docs/releasing.md', 'npm install ./n8n-nodes-runflow-0.9.0.tgz');
		prepareRelease(copy.root, '1.2.3', '2026-11-21');
		const versionIn = (file: string) =>
			(JSON.parse(copy.read(file)) as { version: string }).version;
		expect(versionIn('package.json')).toBe('1.2.3');
		expect(versionIn('package-lock.json')).toBe('1.2.3');
		expect(copy.read('docs/releasing.md')).toBe('npm install ./n8n-nodes-runflow-1.2.3.tgz');
		expect(copy.read('CHANGELOG.md')).toBe(
			CHANGELOG.replace('## [Unreleased]', '## [Unreleased]\n\n## [1.2.3] - 2026-11-21'),
		);
	});

	it('leaves all as it was where nothing is unreleased', () => {
		copy.replace('CHANGELOG.md', /### Added\n\n- Something new\.\n/, '');
		const before = copy.read('package.json');
		expect(() => {
			prepareRelease(copy.root, '1.2.3', '2026-11-21');
		}).toThrow('there is nothing to release');
		expect(copy.read('package.json')).toBe(before);
	});

	it('does not give a version a second section', () => {
		expect(() => {
			prepareRelease(copy.root, '0.9.0', '2026-11-21');
		}).toThrow('has a section for 0.9.0 already');
	});
});
