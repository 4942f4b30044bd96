// The glue that htmx does not bring: settled flag, drawer, palette, toasts, dialogs, charts, keys.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- settled: tests wait for body[data-settled="true"] ---------------------------------------
  let running = 0;
  const settle = () => { document.body.dataset.settled = running === 0 ? "true" : "false"; };
  document.addEventListener("htmx:before:request", () => { running += 1; settle(); });
  document.addEventListener("htmx:finally:request", () => {
    running = Math.max(0, running - 1);
    window.setTimeout(settle, 20);  // the swap settles one tick after the request ends
  });

  // --- toasts -----------------------------------------------------------------------------------
  // A popover shown again lies above whatever dialog was opened meanwhile.
  const raise = (region) => {
    if (region?.matches(":popover-open")) region.hidePopover();
    region?.showPopover();
  };
  const toast = ({ text, tone = "success" }) => {
    const region = $("#toasts");
    if (!region || !text) return;
    const item = $("#toast-template").content.firstElementChild.cloneNode(true);
    item.classList.add(`august-toast-${tone}`);
    $(".august-toast-text", item).textContent = text;
    region.append(item);
    raise(region);
    if (tone !== "danger") window.setTimeout(() => item.remove(), 6000);
  };
  document.addEventListener("august:toast", (evt) => toast(evt.detail));
  const fail = () => toast({ text: document.body.dataset.offline, tone: "danger" });
  document.addEventListener("htmx:error", fail);

  // --- "why?" drawer ----------------------------------------------------------------------------
  let asked = null;
  const drawer = () => $("#why");
  const openDrawer = () => {
    const panel = drawer();
    if (!panel || panel.open) return;
    asked = document.activeElement;
    panel.show();
    $("[data-close]", panel)?.focus();
  };
  const closeDrawer = () => {
    const panel = drawer();
    if (!panel?.open) return;
    panel.close();
    asked?.focus?.();
  };
  document.addEventListener("htmx:after:swap", (evt) => {
    if (evt.detail?.ctx?.target?.id === "why-body") openDrawer();
    recount();
    showTabs();
    draw(document);
  });

  // --- tabs that are links: where they are wider than a phone, the one shown is in sight ----------
  const showTabs = () => all(".august-tabs > [aria-current]").forEach((tab) => {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  });

  // --- palette ----------------------------------------------------------------------------------
  const palette = () => $("#palette");
  const openPalette = () => {
    const dialog = palette();
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const input = $("input", dialog);
    input.select();
    input.dispatchEvent(new Event("palette", { bubbles: true }));
  };
  const step = (down) => {
    const links = all("#palette-results a");
    if (!links.length) return;
    const now = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
    const next = (now + (down ? 1 : -1) + links.length) % links.length;
    links.forEach((link, index) => link.setAttribute("aria-selected", String(index === next)));
    links[next].scrollIntoView({ block: "nearest" });
    $("#palette input").setAttribute("aria-activedescendant", links[next].id);
  };

  // --- scroll to a field and show it ------------------------------------------------------------
  const reveal = (id) => {
    const place = document.getElementById(id) || $(`[name="${CSS.escape(id)}"]`);
    if (!place) return false;
    const pane = place.closest("[data-pane]");
    if (pane) showPane(pane.dataset.pane);
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const frame = place.closest("[data-field]") || place;
    frame.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    frame.classList.remove("august-found");
    void frame.offsetWidth;  // restarts the animation
    frame.classList.add("august-found");
    const focusable = place.matches("input, select, textarea, button, a") ? place : $("input, select, textarea, button, a", place);
    focusable?.focus({ preventScroll: true });
    return true;
  };

  // --- tabs of a long form: one <form>, panes shown one at a time ---------------------------------
  const showPane = (name) => {
    all("[data-pane]").forEach((pane) => { pane.hidden = pane.dataset.pane !== name; });
    all("[data-show-pane]").forEach((tab) => {
      const on = tab.dataset.showPane === name;
      tab.classList.toggle("active", on);
      tab.setAttribute("aria-selected", String(on));
      if (tab.getAttribute("role") === "tab") tab.tabIndex = on ? 0 : -1;
    });
  };

  // --- repeated rows: data-add-row names a <template>; "__row__" becomes the next number ----------
  const addRow = (button) => {
    const template = document.getElementById(button.dataset.addRow);
    const home = document.getElementById(button.dataset.into);
    const next = String(Number(home.dataset.next || home.children.length));
    home.dataset.next = String(Number(next) + 1);
    const box = document.createElement("template");
    box.innerHTML = template.innerHTML.replaceAll("__row__", next);
    const fresh = [...box.content.children];
    home.append(box.content);
    fresh.forEach((row) => window.htmx?.process(row));
    $("input, select, textarea", fresh[0])?.focus();
    home.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // --- charts: <div data-chart> with JSON beside it and a table as fallback -----------------------
  const tokens = () => {
    const style = getComputedStyle(document.body);
    const value = (name) => style.getPropertyValue(name).trim();
    return {
      text: value("--tblr-body-color"), line: value("--tblr-border-color"), accent: value("--august-accent"),
      colours: new Map([
        ["@text", value("--tblr-body-color")],
        ...["good", "middle", "bad"].map((tone) => [`@${tone}`, value(`--august-${tone}`)]),
      ]),
    };
  };
  const drawn = new Map();
  // The library is large: only a page with a chart fetches it, once.
  const loadCharts = () => {
    if ($("script[data-charts]")) return;
    const script = document.createElement("script");
    script.src = document.body.dataset.echarts;
    script.dataset.charts = "";
    script.addEventListener("load", () => draw(document));
    document.head.append(script);
  };
  const draw = (root) => {
    for (const [place, chart] of drawn) if (!place.isConnected) { chart.dispose(); drawn.delete(place); }
    if (!window.echarts) {
      if ($("[data-chart]")) loadCharts();
      return;
    }
    all("[data-chart]", root).forEach((place) => {
      if (drawn.has(place)) return;
      const source = document.getElementById(place.dataset.chart);
      if (!source) return;
      const { text, line, accent, colours } = tokens();
      const chart = window.echarts.init(place, null, { renderer: "svg" });
      const axis = (own) => Array.isArray(own) ? own.map(axis) : own && {
        axisLine: { lineStyle: { color: line } }, ...own,
        axisLabel: { color: text, ...own.axisLabel }, splitLine: { lineStyle: { color: line }, ...own.splitLine },
      };
      // "@text", "@good", "@middle" and "@bad" in an option are the colours that the page has for them.
      const option = JSON.parse(source.textContent, (_, value) => colours.get(value) ?? value);
      const label = { color: text, textBorderWidth: 0 };
      const series = option.series.map((one) => ({ ...one, label: { ...label, ...one.label } }));
      const radar = option.radar && {
        splitArea: { show: false }, splitLine: { lineStyle: { color: line } }, axisLine: { lineStyle: { color: line } },
        ...option.radar, axisName: { color: text },
      };
      const named = option.legend || series.some((one) => one.name);
      chart.setOption({
        color: [accent, "#2563eb", "#0d9488", "#a16207", "#7c3aed", "#be185d"],
        textStyle: { color: text }, animation: false,
        grid: { left: 8, right: 12, top: named ? 32 : 12, bottom: 8, containLabel: true },
        ...option, series, radar, xAxis: axis(option.xAxis), yAxis: axis(option.yAxis),
        legend: { show: Boolean(named), top: option.legend?.bottom === undefined ? 0 : undefined, ...option.legend, textStyle: { color: text } },
        tooltip: { trigger: "axis", ...option.tooltip, renderMode: "richText" },  // html tooltips need style=
      });
      drawn.set(place, chart);
    });
  };
  window.addEventListener("pageshow", () => recount());  // going back brings the ticks back
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));

  // --- sidebar on small screens -------------------------------------------------------------------
  const sidebar = (open) => {
    document.body.classList.toggle("august-menu-open", open);
    all("[data-menu]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
  };

  // --- copy what a field holds: by the clipboard, else it is marked and the reader presses the keys ----
  const copy = async (button) => {
    const field = document.getElementById(button.dataset.copy);
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      toast({ text: button.dataset.copied });
    } catch {
      toast({ text: button.dataset.uncopied, tone: "info" });
    }
  };

  // --- one listener for clicks --------------------------------------------------------------------
  document.addEventListener("click", (evt) => {
    const on = (selector) => evt.target.closest?.(selector);
    const opener = on("[data-open]");
    if (opener) { document.getElementById(opener.dataset.open)?.showModal(); return; }
    if (on("[data-palette]")) { openPalette(); return; }
    if (on("[data-menu]")) { sidebar(!document.body.classList.contains("august-menu-open")); return; }
    if (on(".august-veil")) { sidebar(false); return; }
    const closer = on("[data-close]");
    if (closer) {
      if (closer.closest("#why")) closeDrawer();
      else if (closer.closest(".august-toast")) closer.closest(".august-toast").remove();
      else closer.closest("dialog")?.close();
      return;
    }
    const copier = on("[data-copy]");
    if (copier) { void copy(copier); return; }
    const finder = on("[data-reveal]");
    if (finder && reveal(finder.dataset.reveal)) { evt.preventDefault(); return; }
    const tab = on("[data-show-pane]");
    if (tab) { evt.preventDefault(); showPane(tab.dataset.showPane); return; }
    const adder = on("[data-add-row]");
    if (adder) { addRow(adder); return; }
    const remover = on("[data-remove-row]");
    if (remover) {
      const row = remover.closest("[data-row]");
      const home = row.parentElement;
      row.remove();
      home.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    if (evt.target.matches?.("dialog[open]:not(#why)")) evt.target.close();  // a click on the backdrop
  });
  document.addEventListener("change", (evt) => {
    const box = evt.target.closest?.("[data-check-all]");
    if (box) boxes(box).forEach((one) => { one.checked = box.checked; });
    if (evt.target.matches?.("[data-autosubmit]")) evt.target.form?.requestSubmit();
    const file = evt.target.closest?.(".august-file");
    if (file) $("[data-file-name]", file).textContent = [...evt.target.files].map((one) => one.name).join(", ");
    recount();
  });

  // --- "all of these": the box over a column of boxes, and what needs at least one of them ----------
  const boxes = (box) => all(`input[name="${CSS.escape(box.dataset.checkAll)}"]`);
  const recount = () => {
    all("[data-check-all]").forEach((box) => {
      const inside = boxes(box);
      const count = inside.filter((one) => one.checked).length;
      box.checked = count > 0 && count === inside.length;
      box.indeterminate = count > 0 && count < inside.length;
      const form = box.form ?? document;
      all("[data-needs-checked]", form).forEach((button) => { button.disabled = count === 0; });
      all("[data-checked-count]", form).forEach((place) => { place.textContent = String(count); });
    });
  };

  // --- keys: Ctrl-K or /, ? for help, g then a letter to go, arrows in tabs, palette and results ----
  let going = false;
  document.addEventListener("keydown", (evt) => {
    const typing = evt.target.closest?.("input, textarea, select, [contenteditable]");
    if ((evt.ctrlKey || evt.metaKey) && evt.key.toLowerCase() === "k") { evt.preventDefault(); openPalette(); return; }
    if (palette()?.open) {
      if (evt.key === "ArrowDown" || evt.key === "ArrowUp") { evt.preventDefault(); step(evt.key === "ArrowDown"); }
      if (evt.key === "Enter") {
        const link = $('#palette-results a[aria-selected="true"]') || $("#palette-results a");
        if (link) { evt.preventDefault(); link.click(); }
      }
      return;
    }
    if (evt.key === "Escape") { closeDrawer(); sidebar(false); return; }
    if ((evt.ctrlKey || evt.metaKey) && evt.key === "Enter" && evt.target.matches?.("[data-send-keys]")) {
      evt.preventDefault();
      evt.target.form.requestSubmit();
      return;
    }
    const tab = evt.target.closest?.('[role="tab"]');
    if (tab && (evt.key === "ArrowRight" || evt.key === "ArrowLeft")) {
      const tabs = all('[role="tab"]', tab.closest('[role="tablist"]'));
      const next = tabs[(tabs.indexOf(tab) + (evt.key === "ArrowRight" ? 1 : -1) + tabs.length) % tabs.length];
      next.click();
      next.focus();
      return;
    }
    const area = evt.target.closest?.("[data-walk]");
    if (area && (evt.key === "ArrowDown" || evt.key === "ArrowUp") && evt.target.matches("[data-stop]")) {
      evt.preventDefault();
      const stops = all("[data-stop]", area);
      stops[stops.indexOf(evt.target) + (evt.key === "ArrowDown" ? 1 : -1)]?.focus();
      return;
    }
    if (typing || evt.ctrlKey || evt.metaKey || evt.altKey || $("dialog:modal")) return;
    if (going) {
      going = false;
      const link = $(`[data-key="${CSS.escape(evt.key)}"]`);
      if (link) { evt.preventDefault(); link.click(); }
      return;
    }
    if (evt.key === "g") { going = true; window.setTimeout(() => { going = false; }, 1500); }
    if (evt.key === "/") { evt.preventDefault(); openPalette(); }
    if (evt.key === "?") $("#keys")?.showModal();
  });

  // --- a form that is left half-typed asks first ----------------------------------------------------
  let dirty = false;
  document.addEventListener("input", (evt) => { if (evt.target.form?.matches("[data-guard]")) dirty = true; });
  document.addEventListener("submit", () => { dirty = false; });
  document.addEventListener("htmx:before:request", (evt) => {
    if (evt.target.matches?.("form[data-guard]")) dirty = false;
  });
  window.addEventListener("beforeunload", (evt) => { if (dirty) evt.preventDefault(); });

  const start = () => {
    const first = $("[data-show-pane].active");
    if (first) showPane(first.dataset.showPane);
    $("dialog[data-shown]")?.showModal();
    if (location.hash.length > 1) reveal(decodeURIComponent(location.hash.slice(1)));
    all("[data-flash]").forEach((flash) => toast({ text: flash.textContent, tone: flash.dataset.flash }));
    raise($("#toasts"));
    recount();
    showTabs();
    draw(document);
    window.setTimeout(settle, 0);
  };
  // Deferred scripts run before this event, so that a chart library named after this file is there.
  document.addEventListener("DOMContentLoaded", start);
})();
