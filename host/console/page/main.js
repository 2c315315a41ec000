// The author's desk: each part draws itself when what it shows has changed.

import { startBanner } from "/page/banner.js";
import { startComposer } from "/page/composer.js";
import { startHead } from "/page/head.js";
import { startKeys } from "/page/keys.js";
import { startPhone } from "/page/phone.js";
import { startProblems } from "/page/problems.js";
import { startRooms } from "/page/rooms.js";
import { startSource } from "/page/source.js";
import { startThread } from "/page/thread.js";
import { startPlugins } from "/page/plugins.js";
import { startTopics } from "/page/topics.js";
import { startTrace } from "/page/trace.js";
import { startVariables } from "/page/variables.js";
import { connect } from "/page/wire.js";

startHead();
startRooms();
startTopics();
startPlugins();
startProblems();
startSource();
startPhone();
startThread();
startComposer();
startBanner();
startTrace();
startVariables();
startKeys();
connect();
