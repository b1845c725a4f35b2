import '../../../../engine/asModelRun';
import '../../../wait/waiting.test';
