import { credentialDialog } from './editor/credentialDialog';
import { firstResult } from './editor/firstResult';
import { folded } from './editor/folded';
import { listening } from './editor/listening';
import { nodePanel } from './editor/nodePanel';
import { refusals } from './editor/refusals';
import { runs } from './editor/runs';
import { setStage } from './editor/stage';

// One n8n and one browser for all of them: a start takes longer than most of what is done here.
const stage = setStage();

describe('a person in the editor', () => {
	nodePanel(stage);
	credentialDialog(stage);
	runs(stage);
	refusals(stage);
	listening(stage);
	folded(stage);
	firstResult(stage);
});
