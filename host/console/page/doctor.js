// Why does the bot not answer? Every check with what was found, what it means, and the cure.

import { byId, fill, h } from "/page/dom.js";
import { checkRow } from "/page/finding.js";
import { watch } from "/page/store.js";
import { act } from "/page/wire.js";
import { atSecond, count, onDay } from "/page/words.js";

export function startDoctor() {
  byId("doctor-look").addEventListener("click", () => {
    if (byId("doctor-look").getAttribute("aria-disabled") !== "true") act("doctor");
  });
  watch(["checkup", "walk"], draw);
}

function draw({ checkup, walk }) {
  if (checkup === null || walk === null) return;
  const { running, at, report, fault } = checkup;
  const look = byId("doctor-look");
  look.setAttribute("aria-disabled", String(running)); // not disabled: that would throw out the cursor
  look.textContent = running ? "Looking …" : report ? "Look again" : "Look now";
  byId("doctor-json").hidden = !report;
  byId("doctor-mend").hidden = !report || report.state === "fine";
  byId("doctor-says").dataset.state = fault ? "broken" : report?.state ?? "";
  fill(byId("doctor-says"), verdict(report, fault), report && h("span", { class: "doctor-at" }, ` ${onDay(at)}, ${atSecond(at)}`));
  byId("doctor-checks").setAttribute("aria-busy", String(running));
  fill(byId("doctor-checks"), report
    ? report.findings.map((finding) => checkRow(finding.state, finding, finding))
    : walk.steps.map((step) => checkRow("next", step)));
}

function verdict(report, fault) {
  if (fault) return `It cannot be looked at: ${fault}.`;
  if (!report) return "Nobody has looked yet. Looking changes nothing, and sends nothing that anybody sees.";
  const tally = (state) => report.findings.filter((finding) => finding.state === state).length;
  const broken = tally("broken");
  const warnings = tally("warning");
  const care = warnings > 0 ? ` ${count(warnings, "warning")}.` : "";
  if (broken > 0) return `${count(broken, "thing")} ${broken === 1 ? "keeps" : "keep"} the bot from answering.${care}`;
  return `The bot can answer.${care}`;
}
