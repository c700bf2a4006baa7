/* Tables that sort by their heads and filter by words. Without this script they are plain tables, and as readable. */
"use strict";
(function () {
  const collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});

  function keyOf(cell) {
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.classList.contains("number") ? null : cell.textContent.trim();
  }

  function compare(a, b, way) {
    if (a === null || b === null) return (a === null) - (b === null); // what has no value comes last, either way
    return way * (typeof a === "number" ? a - b : collator.compare(a, b));
  }

  function sort(table, column) {
    const heads = table.tHead.rows[0].cells, body = table.tBodies[0];
    const isNumber = heads[column].classList.contains("number"), before = heads[column].getAttribute("aria-sort");
    const descending = before === "none" ? isNumber : before === "ascending";
    for (const head of heads) head.setAttribute("aria-sort", "none");
    heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
    const rows = Array.from(body.rows, row => [keyOf(row.cells[column]), row]);
    rows.sort((a, b) => compare(a[0], b[0], descending ? -1 : 1));
    body.append(...rows.map(pair => pair[1]));
  }

  function filter(input) {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const table = document.getElementById(input.dataset.filters);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = `${row.dataset.subject || ""} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    const count = document.getElementById(input.id.replace("filter-", "count-"));
    count.textContent = words.length ? `${shown} of ${count.dataset.all} rows` : `${count.dataset.all} rows`;
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) =>
      head.querySelector("button").addEventListener("click", () => sort(table, column)));
  }
  for (const input of document.querySelectorAll("input[data-filters]")) {
    input.addEventListener("input", () => filter(input));
  }
})();
