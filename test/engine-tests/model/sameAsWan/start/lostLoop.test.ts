import '../../../../engine/asModelRun';
import '../../../start/lostLoop.test';
