"use strict";
// Sorting and searching, with nothing but the page itself. ASCII only, so that no pipe can spoil the page.
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const search = document.getElementById("search");
  const turn = document.getElementById("turn");
  const problems = document.getElementById("problems");
  const counted = document.getElementById("counted");
  const inOrder = table.dataset.inOrder;

  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  // A number is found with its spaces and dots and without.
  const searchable = (text) => `${plain(text)} ${plain(text).replace(/[\s.]+/g, "")}`;
  const companies = Array.from(table.tBodies, (body) => ({
    body,
    text: searchable(body.textContent),
    turns: body.dataset.turns.split("|"),
    isInOrder: body.dataset.rank === inOrder,
  }));

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const fits = (one) => words.every((word) => one.text.includes(word))
      && (!turn.value || one.turns.includes(turn.value)) && !(problems.checked && one.isInOrder);
    let shown = 0;
    for (const one of companies) {
      one.body.hidden = !fits(one);
      shown += one.body.hidden ? 0 : 1;
    }
    counted.textContent = shown === companies.length ? `${shown} shown` : `${shown} of ${companies.length} shown`;
  }

  function sort(head) {
    const isAscending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("thead [aria-sort]")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
    const { compare } = new Intl.Collator("en", { numeric: true });
    const keyed = companies.map(({ body }) => [body.rows[0].cells[head.cellIndex].dataset.key, body.rows[0].cells[0].dataset.key, body]);
    keyed.sort((one, other) => (isAscending ? 1 : -1) * compare(one[0], other[0]) || compare(one[1], other[1]));
    table.append(...keyed.map(([, , body]) => body));
  }

  const details = () => companies.filter(({ body }) => !body.hidden).flatMap(({ body }) => Array.from(body.querySelectorAll("details")));
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = details().filter((one) => !one.open);
    for (const one of closed) one.open = true;
  });
  window.addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  search.addEventListener("input", filter);
  for (const field of [turn, problems]) field.addEventListener("change", filter);
  for (const button of table.querySelectorAll("thead button")) button.addEventListener("click", () => sort(button.closest("th")));
  document.querySelector(".tools").hidden = false;
  filter(); // the browser may have kept what was typed before the page was opened again
})();
