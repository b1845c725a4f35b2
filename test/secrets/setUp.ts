import { watchOutput } from './output';
import { watchRequests } from './requests';
import { startWatching, takeLeaks } from './watch';

/** Jest runs this before each test file: no test may show a secret to anybody. See docs/testing.md. */
startWatching();
const ends = [watchRequests(), watchOutput()];

function expectNoLeaks(): void {
	const leaks = takeLeaks();
	if (leaks.length > 0) throw new Error(`A secret was seen:\n${leaks.join('\n')}`);
}

afterEach(expectNoLeaks);
afterAll(() => {
	for (const end of ends) end();
	expectNoLeaks();
});
