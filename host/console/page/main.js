// The author's desk: each part draws itself when what it shows has changed.

import { startBanner } from "/page/banner.js";
import { startComposer } from "/page/composer.js";
import { startDeploy } from "/page/deploy.js";
import { startDoctor } from "/page/doctor.js";
import { startHead } from "/page/head.js";
import { startHouse } from "/page/house.js";
import { startKeys } from "/page/keys.js";
import { startPhone } from "/page/phone.js";
import { startProblems } from "/page/problems.js";
import { startRooms } from "/page/rooms.js";
import { startSource } from "/page/source.js";
import { startStageDoor } from "/page/stagedoor.js";
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
startDeploy();
startStageDoor();
startDoctor();
startHouse();
startKeys();
connect();
