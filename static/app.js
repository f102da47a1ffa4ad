// Vigie: enhancements only. Every journey works without this file.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const create = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // After a refused form, the summary speaks first.
  $(".resume")?.focus();

  // A link of the summary goes to the field itself, not only to its place on the page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".resume a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) { event.preventDefault(); field.focus(); }
  });

  // Ctrl/Cmd+K: the search field of the header (which lives in the folded menu on a phone).
  document.addEventListener("keydown", (event) => {
    const field = $("#recherche");
    if (!field || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.select();
  });

  // Double submit: the server's idempotency is the real guard, this only spares a second click.
  // The button is marked, not disabled, so that its name and value still travel with the form.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // Drafts of long texts, kept in this tab only (whole forms: below). Sending does not prove saving (the network may fail, the session
  // may have ended), so a draft goes away on the page that follows: a signed-in one elsewhere, or a success message.
  const prefix = "brouillon:";
  const store = (act) => { try { return act(sessionStorage); } catch { return null; } };
  const forget = (start) => store((s) => Object.keys(s).filter((k) => k.startsWith(start)).forEach((k) => s.removeItem(k)));
  const sent = store((s) => s.getItem("envoi"));
  if (sent && $(".compte") && (sent !== location.pathname || $(".message.succes"))) {
    forget(prefix + sent + "#");
    forget("envoi");
  }
  $$("textarea[data-brouillon]").forEach((area) => {
    const key = prefix + location.pathname + "#" + area.name;
    const kept = store((s) => s.getItem(key));
    if (kept && !area.value.trim()) {
      area.value = kept;
      area.after(create("p", { className: "aide", textContent: "Brouillon retrouvé : ce texte n’est pas encore enregistré." }));
    }
    area.addEventListener("input", () => store((s) => s.setItem(key, area.value)));
    area.form?.addEventListener("submit", () => store((s) => s.setItem("envoi", location.pathname)));
  });
  $$("form[data-oublier]").forEach((form) => form.addEventListener("submit", () => { forget(prefix); forget("envoi"); dropWhole(() => true); }));

  // Whole forms typed on the road outlive the tab, for a week and for one person: another one who signs in here
  // finds nothing. Confidential texts (data-brouillon) stay in their tab, by the lines above.
  const whole = "formulaire:";
  const keep = (act) => { try { return act(localStorage); } catch { return null; } };
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  function dropWhole(which) {
    keep((s) => Object.keys(s).filter((k) => k.startsWith(whole) && which(k, read(k) ?? {})).forEach((k) => s.removeItem(k)));
  }
  const who = $(".compte a")?.textContent.trim();
  if (who) dropWhole((_, draft) => draft.who !== who || !(Date.now() - draft.at < 604_800_000));
  if (who && sent && (sent !== location.pathname || $(".message.succes"))) dropWhole((k) => k === whole + sent);
  $$("form[data-brouillon]").forEach((form) => {
    const key = whole + location.pathname;
    const fields = () => [...form.elements].filter((f) => f.name && f.type !== "hidden" && !f.matches("[data-brouillon], button"));
    const draft = read(key);
    // A refused form holds what was typed already.
    if (draft?.values && !$(".resume")) {
      fields().forEach((f) => {
        const values = draft.values[f.name] ?? [];
        if (f.type === "checkbox" || f.type === "radio") f.checked = values.includes(f.value);
        else f.value = values[0] ?? f.value;
      });
      $$("details", form).forEach((fold) => { fold.open ||= draft.open; });
      form.prepend(create("p", { className: "aide", textContent: "Brouillon retrouvé : cette saisie n’est pas encore enregistrée." }));
    }
    form.addEventListener("input", () => {
      const values = {};
      fields().forEach((f) => {
        values[f.name] ??= [];
        if (f.type !== "checkbox" && f.type !== "radio" || f.checked) values[f.name].push(f.value);
      });
      const open = $$("details", form).some((fold) => fold.open);
      keep((s) => s.setItem(key, JSON.stringify({ who, at: Date.now(), values, open })));
    });
    form.addEventListener("submit", () => store((s) => s.setItem("envoi", location.pathname)));
  });

  // Session end: warned five minutes before, with a link that extends it (any page load does).
  const seconds = Number(document.body.dataset.session);
  if (seconds > 0 && seconds < 2_000_000) setTimeout(() => {
    const box = create("div", { className: "message alerte" });
    box.setAttribute("role", "alert");
    const text = create("p", { textContent: "Votre session se termine dans cinq minutes. Enregistrez votre travail, ou " });
    text.append(create("a", { href: "/compte", target: "_blank", textContent: "prolongez-la (nouvel onglet)" }), ".");
    box.append(text);
    $("main").prepend(box);
  }, Math.max(0, seconds - 300) * 1000);

  // Buttons that make no sense without script are born here.
  $$("[data-imprimer]").forEach((place) => {
    const button = create("button", { type: "button", className: "second", textContent: "Imprimer" });
    button.addEventListener("click", () => window.print());
    place.append(button);
  });
  $$("input[type=password]").forEach((field) => {
    const button = create("button", { type: "button", className: "second", textContent: "Afficher" });
    button.setAttribute("aria-controls", field.id);
    const name = () => button.setAttribute("aria-label", button.textContent + " le mot de passe");
    name();
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.textContent = shown ? "Afficher" : "Masquer";
      name();
    });
    const pair = create("div", { className: "avec-bouton" });
    field.replaceWith(pair);
    pair.append(field, button);
    // A browser remembers the type shown at submit: give it back a password field.
    field.form?.addEventListener("submit", () => { field.type = "password"; });
  });
})();
