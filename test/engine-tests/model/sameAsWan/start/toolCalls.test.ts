import '../../../../engine/asModelRun';
import '../../../start/toolCalls.test';
