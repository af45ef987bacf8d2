"use strict";
(() => {
  const tools = document.querySelector(".tools");
  const samples = [...document.querySelectorAll("details.sample")];
  if (!tools || !samples.length) return;
  const [arm, kind, text, all, count] = ["#arm", "#kind", "#text", "#all", "#count"].map((id) => tools.querySelector(id));
  const words = samples.map((one) => one.textContent.toLowerCase());
  const show = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    samples.forEach((one, i) => {
      const fits =
        (!arm.value || one.dataset.arm === arm.value) &&
        (!kind.value || one.dataset.kind === kind.value) &&
        (!wanted || words[i].includes(wanted));
      one.hidden = !fits;
      shown += fits;
    });
    count.textContent = `${shown} of ${samples.length}`;
  };
  [arm, kind, text].forEach((one) => one.addEventListener("input", show));
  all.addEventListener("click", () => {
    const open = samples.some((one) => !one.hidden && !one.open);
    samples.forEach((one) => (one.open = open && !one.hidden));
  });
  tools.hidden = false;
  show();
})();
